"""Authors and contacts: names, initials, roles, addresses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rembi_sheets.archives import package
from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.facts.people import read_author
from rembi_sheets.vocabularies import entries
from tests.archives.empiar.judges import deposition, depositor_schema, errors, rendered, schema_errors
from tests.archives.empiar.studies import FIB_SEM, with_cells
from tests.support import TODAY, found, study, submission

empiar = package("empiar")

ROLES = "corresponding author; principal investigator"


def people(*rows: dict[str, Any]) -> dict[str, Any]:
    return {**FIB_SEM, "People": list(rows)}


def person(first: str, last: str, **cells: Any) -> dict[str, Any]:
    more = {label.replace("_", " "): value for label, value in cells.items()}
    return (
        {"First name(s)": first, "Last name": last, "E-mail": "a@example.org", "Organisation": "Example Institute"}
        | {"Role": ROLES}
        | more
    )


@pytest.mark.parametrize(
    ("first", "last", "initials", "name", "xml"),
    [
        ("Ada", "Beispiel", None, "('Beispiel', 'A')", "Beispiel A"),
        ("Jean-Karim", "Hériché", None, "('Hériché', 'JK')", "Hériché JK"),
        ("Tim", "O'Brien", None, "('O’Brien', 'T')", "O'Brien T"),
        ("D'Arcy", "Thompson", None, "('Thompson', 'D')", "Thompson D"),
        ("Vincent", "van der Berg", None, "('van der Berg', 'V')", "van der Berg V"),
        ("Henry", "Jones Jr", None, "('Jones Jr', 'H')", "Jones Jr H"),
        ("Henry", "King III", None, "('King III', 'H')", "King III H"),
        ("Łukasz", "Żak", None, "('Żak', 'Ł')", "Żak Ł"),
        ("明", "李", None, "('李', '明')", "李 明"),
        ("Иван", "Петров", None, "('Петров', 'И')", "Петров И"),
        ("Samir", "Hamdan", "S. M.", "('Hamdan', 'SM')", "Hamdan SM"),
        ("Jean-Karim", "Hériché", "J-K", "('Hériché', 'J-K')", "Hériché J-K"),
        ("The", "Example Consortium", "TEC", "('Example Consortium', 'TEC')", "Example Consortium TEC"),
        ("Suharto", "Suharto", "S", "('Suharto', 'S')", "Suharto S"),
        ("maria del carmen", "Ruiz", None, "('Ruiz', 'MDC')", "Ruiz MDC"),
    ],
)
def test_names_of_authors(first: str, last: str, initials: str | None, name: str, xml: str) -> None:
    files = rendered(deposition(people(person(first, last, Initials=initials))))
    data = json.loads(files["deposition.json"])
    assert schema_errors(files["deposition.json"]) == []
    assert data["authors"] == [{"name": name, "order_id": 0, "author_orcid": None}]
    assert f"<author>{xml}</author>" in files["entry.xml"].decode()
    assert f'<author order="1">{xml}</author>' in files["entry.xml"].decode()


def test_order_counts_from_0_in_json_and_from_1_in_xml() -> None:
    files = rendered(deposition(people(person("Ada", "Eins"), person("Bea", "Zwei", Role=None))))
    assert [a["order_id"] for a in json.loads(files["deposition.json"])["authors"]] == [0, 1]
    assert '<author order="2">Zwei B</author>' in files["entry.xml"].decode()


def test_given_names_of_contacts_are_first_and_middle() -> None:
    contact = deposition(people(person("John William", "Smith"))).corresponding_author
    assert (contact.first_name, contact.middle_name, contact.last_name) == ("John", "William", "Smith")


@pytest.mark.parametrize("character", [*'0123456789!"£$%^&*()', "\n", "\\"])
@pytest.mark.parametrize("field", ["First name(s)", "Last name"])
def test_forbidden_characters(character: str, field: str) -> None:
    sub = submission(with_cells("People", {field: f"Ada{character}x"}))
    cell = "A6" if field == "First name(s)" else "B6"
    assert ("EMPIAR-NAME-CHARACTER", "People", cell) in found(empiar.check(sub, TODAY))


def test_an_apostrophe_is_a_note() -> None:
    sub = submission(with_cells("People", {"Last name": "O'Brien"}))
    assert ("EMPIAR-APOSTROPHE", "People", "B6") in found(empiar.check(sub, TODAY))
    assert errors(sub) == []


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"First name(s)": None, "Last name": "The Example Consortium"}, True),
        ({"First name(s)": None, "Last name": "Suharto"}, True),
        ({"First name(s)": "...", "Last name": "Suharto"}, True),
        ({"First name(s)": "Ada", "Initials": "ABCDEFGHIJKLMNOPQRSTU"}, True),
        ({"First name(s)": "Ada", "Initials": "ABCDEFGHIJKLMNOPQRST"}, False),
        ({"First name(s)": "Ada", "Initials": "abc"}, True),
    ],
)
def test_initials_that_cannot_be_made(cells: dict[str, Any], wrong: bool) -> None:
    sub = submission(with_cells("People", cells))
    assert ("EMPIAR-INITIALS" in errors(sub)) is wrong


def test_a_consortium_is_offered_its_letters() -> None:
    sub = submission(with_cells("People", {"First name(s)": None, "Last name": "The Example Consortium"}))
    (finding,) = [f for f in empiar.check(sub, TODAY) if f.code == "EMPIAR-INITIALS"]
    assert finding.suggestions == ("TEC",)


@pytest.mark.parametrize(
    ("roles", "codes_found"),
    [
        ((ROLES,), []),
        (("corresponding author", "principal investigator"), []),
        ((ROLES, "principal investigator", "principal investigator"), []),
        ((None,), ["EMPIAR-CORRESPONDING", "EMPIAR-INVESTIGATOR"]),
        (("principal investigator",), ["EMPIAR-CORRESPONDING"]),
        (("corresponding author",), ["EMPIAR-INVESTIGATOR"]),
        ((ROLES, "corresponding author"), ["EMPIAR-CORRESPONDING"]),
    ],
)
def test_roles(roles: tuple[str | None, ...], codes_found: list[str]) -> None:
    sheets = people(*(person("Ada", f"Name{'abc'[i]}", Role=role) for i, role in enumerate(roles)))
    assert errors(submission(sheets)) == codes_found
    if not codes_found:
        made = deposition(sheets)
        assert len(made.principal_investigators) == sum("principal" in (r or "") for r in roles)


def test_several_corresponding_authors_are_named_at_their_cells() -> None:
    sub = submission(people(person("Ada", "Eins"), person("Bea", "Zwei")))
    (finding,) = [f for f in empiar.check(sub, TODAY) if f.code == "EMPIAR-CORRESPONDING"]
    assert finding.addresses == ("E6:E7",)


@pytest.mark.parametrize(
    ("label", "json_key", "code"),
    [
        ("Town or city", "town_or_city", "EMPIAR-ADDRESS"),
        ("Postcode", "post_or_zip", "EMPIAR-ADDRESS"),
    ],
)
@pytest.mark.parametrize("empty", [None, " ", "N/A"])
def test_town_and_postcode_are_never_null(label: str, json_key: str, code: str, empty: str | None) -> None:
    sheets = with_cells("Organisations", {label: empty})
    sub = submission(sheets)
    assert [f.code for f in empiar.check(sub, TODAY) if f.sheet == "Organisations"] == [code]
    data = json.loads(rendered(deposition(sheets))["deposition.json"])
    assert data["corresponding_author"][json_key] == "N/A"


def test_an_address_that_is_whole_gives_no_finding() -> None:
    assert [f for f in empiar.check(submission(FIB_SEM), TODAY) if f.sheet == "Organisations"] == []


def test_optional_parts_of_an_address_are_null() -> None:
    contact = json.loads(rendered(deposition(FIB_SEM))["deposition.json"])["corresponding_author"]
    empty = {"street", "state_or_province", "telephone", "fax", "middle_name"}
    assert {k for k, v in contact.items() if v is None} == empty


@pytest.mark.parametrize(
    ("cells", "sheet", "cell"),
    [({"First name(s)": None, "Initials": "A"}, "People", "A6"), ({"Country": None}, "Organisations", "D6")],
)
def test_a_contact_needs_name_and_country(cells: dict[str, Any], sheet: str, cell: str) -> None:
    sub = submission(with_cells(sheet, cells))
    assert ("EMPIAR-CONTACT", sheet, cell) in found(empiar.check(sub, TODAY))


def test_somebody_who_is_no_contact_needs_neither() -> None:
    sheets = people(person("Ada", "Eins"), {"First name(s)": "Bea", "Last name": "Zwei"})
    assert errors(submission(sheets)) == []


@pytest.mark.parametrize(
    ("mail", "good"),
    [
        ("ada@example.org", True),
        ("a.b+c_d%e@ex-ample.museum", True),
        ("o'brien@example.org", False),
        ("a#b@c.de", False),
    ],
)
def test_addresses_of_mail(mail: str, good: bool) -> None:
    assert ("EMPIAR-EMAIL" not in errors(submission(with_cells("People", {"E-mail": mail})))) is good


@pytest.mark.parametrize(
    ("typed", "code", "name"),
    [
        ("UK", "GB", "United Kingdom"),
        ("England", "GB", "United Kingdom"),
        ("Scotland", "GB", "United Kingdom"),
        ("GB", "GB", "United Kingdom"),
        ("USA", "US", "United States"),
        ("Kosovo", "XK", "Kosovo"),
        ("de", "DE", "Germany"),
    ],
)
def test_country_is_a_code_in_json_and_a_name_in_xml(typed: str, code: str, name: str) -> None:
    files = rendered(deposition(with_cells("Organisations", {"Country": typed})))
    assert json.loads(files["deposition.json"])["corresponding_author"]["country"] == code
    assert f"<country>{name}</country>" in files["entry.xml"].decode()


def test_every_country_of_the_list_is_one_of_the_depositor() -> None:
    contact = depositor_schema()["properties"]["corresponding_author"]["properties"]
    theirs = set(contact["country"]["enum"])
    assert {e.extra["code"] for e in entries("country")} == theirs
    assert "UK" not in theirs and codes.country_code("United Kingdom") == "GB"
    assert all(codes.country_name(codes.country_code(e.label)) == e.label for e in entries("country"))
    assert codes.country_name("UK") == "" == codes.country_code("Nowhere")


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"])
def test_orcid_is_written_bare(orcid: str) -> None:
    files = rendered(deposition(with_cells("People", {"ORCID": orcid})))
    data = json.loads(files["deposition.json"])
    assert data["authors"][0]["author_orcid"] == data["corresponding_author"]["author_orcid"] == "0000-0002-1825-0097"
    assert b'<author authorORCID="0000-0002-1825-0097">' in files["entry.xml"]


def test_line_breaks_in_an_address_become_blanks() -> None:
    contact = deposition(with_cells("Organisations", {"Street": "1 Main Street\nBuilding 5"})).corresponding_author
    assert contact.street == "1 Main Street Building 5"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Beispiel JK", ("Beispiel", "JK")),
        ("Beispiel, J. K.", ("Beispiel", "JK")),
        ("de la Cruz M", ("de la Cruz", "M")),
        ("O'Brien T", ("O'Brien", "T")),
        ("Bunoro-Batista M", ("Bunoro-Batista", "M")),
        ("Jones Jr H", ("Jones Jr", "H")),
        ("Hériché J-K", ("Hériché", "J-K")),
        ("Hériché, J.-K.", ("Hériché", "J-K")),
        ("VAN DER BERG J", ("VAN DER BERG", "J")),
        ("VAN DER LEE JM", ("VAN DER LEE", "JM")),
        ("LEE J M", ("LEE", "JM")),
    ],
)
def test_authors_of_papers(text: str, name: tuple[str, str]) -> None:
    author = read_author(text)
    assert author and (author.last_name, author.initials) == name


@pytest.mark.parametrize(
    "text",
    ["Jane Doe", "Doe", "", "Doe J2", "Doe (J)", "the consortium", "x" * 61 + " J", "Doe A, Roe B", "Doe A.--B."],
)
def test_what_is_no_author_of_a_paper(text: str) -> None:
    assert read_author(text) is None


def test_the_light_study_has_no_people_errors() -> None:
    assert errors(submission(study())) == []


@pytest.mark.parametrize(("label", "cell"), [("E-mail", "D6"), ("Organisation", "E6")])
def test_a_contact_without_mail_or_organisation_is_found_by_the_dictionary(label: str, cell: str) -> None:
    from rembi_sheets import checks
    from tests.support import tables

    made, _ = tables(with_cells("People", {label: None}))
    assert ("REQUIRED-EMPTY", "People", cell) in found(checks.check(made, ("empiar",)))
    other, _ = tables(people(person("Ada", "Eins"), person("Bea", "Zwei", Role=None, **{label: None})))
    assert not {c for c, s, _ in found(checks.check(other, ("empiar",))) if s == "People"}
