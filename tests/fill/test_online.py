"""What services know: each in its reply shape, asked politely, only when the user wants it, and never an error."""

from __future__ import annotations

import copy
import json
import socket
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rembi_sheets import services
from rembi_sheets.cli import cli
from rembi_sheets.fill import Confidence, Merged, State, merge, online
from rembi_sheets.fill.online import crossref, desk, emdb, empiar, europepmc, orcid, ror
from rembi_sheets.fill.sources import Known
from rembi_sheets.schema import load
from rembi_sheets.score import score
from rembi_sheets.tables import Tables
from tests.fill import replies
from tests.fill.replies import DOI, EMDB, EMPIAR, ORCID, PMC, PMID, ROR, SERVICES, Stub
from tests.support import LONG, book, study
from tests.support import tables as read

STUDY_FILE = Path(__file__).parents[2] / "examples" / "polymerase-kappa-cryo-em" / "polymerase-kappa-cryo-em.xlsx"


@pytest.fixture(scope="module")
def server() -> Iterator[Stub]:
    stub = Stub()
    yield stub
    stub.server.shutdown()
    stub.server.server_close()


@pytest.fixture
def stub(server: Stub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stub:
    """The services, with nothing asked yet and an empty cache."""
    server.asked, server.respond = [], None
    monkeypatch.setenv("REMBI_SHEETS_CACHE", str(tmp_path))
    monkeypatch.setattr(services, "PAUSE", 0)
    for name in SERVICES:
        monkeypatch.setenv(f"REMBI_SHEETS_{name.upper()}", f"{server.address}/{name}")
    for proxy in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
    return server


def asked(there: Tables) -> tuple[Known, Merged]:
    known = online.known(there, there)
    return known, merge(there, known.proposals)


def workbook(profile: str = "", **sheets: Any) -> Tables:
    made = study(**sheets)
    return read(made)[0] if not profile else _with(profile, made)


def _with(profile: str, sheets: Any) -> Tables:
    from rembi_sheets.tables import from_book

    return from_book(book(sheets, profile=profile), load())[0]


def row(made: Merged, sheet: str, at: int = -1) -> dict[str, Any]:
    frame = made.tables[sheet].frame
    return {n: v for n, v in frame.iloc[at].items() if v is not None}


def test_a_doi_gives_the_paper_as_crossref_has_it_and_the_numbers_of_europe_pmc(stub: Stub) -> None:
    _, made = asked(workbook(Publications=[{"DOI": DOI, "Title": None, "Volume": None, "PMC ID": None}]))
    assert row(made, "publications") == {
        "title": "Nuclei of kidney organoids move: the WT1 gene & cells",
        "authors": ("Beispiel JK", "Muster AB", "The Organoid Group, Heidelberg"),
        "journal": "Journal of Examples",
        "year": 2019,
        "volume": "31",
        "doi": DOI,
        "pubmed_id": PMID,
        "pmc_id": PMC,
    }
    entry = next(e for e in made.of(State.FILLED) if e.proposal.column == "title")
    assert (entry.proposal.source, entry.proposal.confidence) == ("Crossref", Confidence.READ)
    assert entry.proposal.where.startswith(stub.address) and entry.row == 6


@pytest.mark.parametrize("number", [{"PubMed ID": PMID}, {"PMC ID": PMC}])
def test_a_pubmed_number_gives_the_paper_and_its_doi(stub: Stub, number: dict[str, str]) -> None:
    _, made = asked(workbook(Publications=[{**number, "Title": None}]))
    assert row(made, "publications")["doi"] == DOI
    assert row(made, "publications")["title"].startswith("Nuclei of kidney organoids")


def test_a_paper_that_crossref_does_not_know_is_told_as_europe_pmc_has_it(stub: Stub) -> None:
    plain = stub_answer({"/crossref": lambda h: status(h, 404)})
    stub.respond = plain
    known, made = asked(workbook(Publications=[{"DOI": DOI}]))
    assert row(made, "publications")["title"] == "Nuclei of kidney organoids move"
    assert row(made, "publications")["authors"] == ("Beispiel JK", "Muster AB")
    assert [u.why for u in known.unplaced] == ["Crossref does not know it."]


def test_a_ror_id_gives_name_and_place(stub: Stub) -> None:
    _, made = asked(workbook(Organisations=[{"ROR ID": ROR, "Name": None, "State or province": None}], People=[]))
    assert row(made, "organisations") == {
        "name": "Example University",
        "ror_id": ROR,
        "town": "Stanford",
        "state": "California",
        "country": "United States",
    }


def test_an_orcid_gives_the_name_and_what_is_typed_stays(stub: Stub) -> None:
    _, made = asked(workbook(People=[{"ORCID": ORCID}]))
    assert row(made, "people") == {"first_names": "Josiah", "last_name": "Carberry", "orcid": ORCID}
    _, made = asked(workbook())
    assert [(e.value, e.found) for e in made.of(State.DIFFERS)] == [("Josiah", "Ada"), ("Carberry", "Beispiel")]
    assert row(made, "people")["last_name"] == "Beispiel"


LINK = [{"Link": EMDB}]


def test_an_entry_of_emdb_gives_its_methods_to_the_only_row(stub: Stub) -> None:
    _, made = asked(workbook("cryo", Links=LINK))
    found = row(made, "image_acquisition")
    assert {n: str(v.text if hasattr(v, "text") else v) for n, v in found.items() if n in emdb_columns()} == {
        "microscope": "FEI Titan Krios",
        "acquisition_software": "('SerialEM',)",
        "accelerating_voltage": "300",
        "electron_source": "field emission gun",
        "magnification": "29000",
        "spherical_aberration": "2.7",
        "energy_filter_slit_width": "20",
        "nominal_defocus": "0.6-1.6",
        "total_dose": "50.4",
        "detector": "('Gatan K2 Summit',)",
        "detector_mode": "counting",
    }
    specimen = row(made, "specimens")
    assert specimen["grid_model"] == "Quantifoil R2/1, 300 mesh" and specimen["support_film"] == "holey carbon"
    assert specimen["vitrification_instrument"] == "Vitrobot Mark IV" and specimen["cryogen"] == "ethane"
    assert specimen["grid_pretreatment"] == ("plasma cleaning",)
    assert str(specimen["chamber_temperature"].text) == "10"
    assert {e.proposal.source for e in made.of(State.FILLED) if e.proposal.column == "detector"} == {f"EMDB, {EMDB}"}


def emdb_columns() -> set[str]:
    return {c.name for c in load()["image_acquisition"].columns if "EMDB:" in c.standard}


def test_the_pixel_size_of_a_map_is_a_question(stub: Stub) -> None:
    _, made = asked(workbook("cryo", Links=LINK))
    sizes = {e.proposal.column for e in made.of(State.QUESTIONS)}
    assert sizes == {"pixel_size_x", "pixel_size_y", "pixel_size_z", "pixel_size_unit"}


def test_a_sheet_without_a_row_gets_one_that_is_called_by_the_accession(stub: Stub) -> None:
    there = workbook("cryo", Links=LINK, Image_acquisition=[], People=[])
    _, made = asked(there)
    assert row(made, "image_acquisition")["name"] == EMDB
    assert not merge(made.tables, online.known(made.tables, made.tables).proposals).of(State.FILLED)


def test_of_several_rows_the_one_that_names_the_accession_is_meant_else_none(stub: Stub) -> None:
    two = [{"Name": n, "Instrument attributes": "Microscope"} for n in (f"Krios ({EMDB})", "Glacios")]
    _, made = asked(workbook("cryo", Links=LINK, Image_acquisition=two))
    assert made.tables["image_acquisition"].frame["microscope"].tolist() == ["FEI Titan Krios", None]
    two[0]["Name"] = "Krios (EMD-12345)"
    known, made = asked(workbook("cryo", Links=LINK, Image_acquisition=two))
    assert not [p for p in known.proposals if p.sheet == "image_acquisition"]
    assert any("cannot be told which row" in u.why and "FEI Titan Krios" in u.value for u in known.unplaced)


def test_the_dose_of_a_tilt_is_not_that_of_a_series(stub: Stub) -> None:
    reply = copy.deepcopy(replies.EMDB_REPLY)
    reply["structure_determination_list"]["structure_determination"][0]["method"] = "tomography"
    entry = emdb.read(reply, EMDB)
    assert entry is not None and not any("total_dose" in d.values for d in entry.described)
    assert [(value, "tilt" in why) for _, value, why in entry.left] == [("50.4", True)]


def test_several_microscopies_of_one_entry_are_listed_where_they_differ() -> None:
    reply = copy.deepcopy(replies.EMDB_REPLY)
    listed = reply["structure_determination_list"]["structure_determination"][0]["microscopy_list"]["microscopy"]
    listed.append({**listed[0], "microscope": "TFS GLACIOS", "nominal_cs": {"valueOf_": "x", "units": "mm"}})
    entry = emdb.read(reply, EMDB)
    assert entry is not None
    values = next(d.values for d in entry.described if d.sheet == "image_acquisition")
    assert "microscope" not in values and values["accelerating_voltage"] == "300"
    assert ("FEI Titan Krios; Thermo Fisher Glacios", "the entry has several") in [(v, w) for _, v, w in entry.left]


def test_the_paper_of_an_entry_comes_once(stub: Stub) -> None:
    """It is asked for by its DOI, as that of the workbook is; one that the workbook names already is not told again."""
    _, made = asked(workbook("cryo", Links=LINK))
    assert made.tables["publications"].frame["doi"].tolist() == [DOI]
    assert row(made, "publications")["title"].startswith("Nuclei")
    _, made = asked(workbook("cryo", Links=LINK, Publications=[{"Title": "Mine", "PubMed ID": PMID}]))
    assert made.tables["publications"].frame["title"].tolist() == ["Mine"]
    typed = [{"Title": "The polymerase, SEEN again"}]
    _, made = asked(workbook("cryo", Links=[{"Link": EMPIAR}], Publications=typed))
    assert len(made.tables["publications"].frame) == 1
    assert (
        row(made, "publications")["authors"] == ("Beispiel JK", "Muster AB")
        and row(made, "publications")["year"] == 2021
    )


def test_an_entry_of_empiar_gives_the_pixel_size_of_the_image_set_of_that_name(stub: Stub) -> None:
    _, made = asked(workbook(Links=[{"Link": f"https://www.ebi.ac.uk/empiar/{EMPIAR}/"}]))
    assert row(made, "image_data")["pixel_size_x"] == Decimal("1.77")
    assert row(made, "image_data")["pixel_size_unit"] == "Å"


def test_columns_of_other_kinds_of_study_do_not_come(stub: Stub) -> None:
    _, made = asked(workbook("light", Links=LINK, Publications=[{"DOI": DOI}]))
    profiles = {c.name: c.profiles for s in load().sheets for c in s.columns}
    for e in made.of(State.FILLED):
        assert not profiles[e.proposal.column] or "light" in profiles[e.proposal.column]


# How they are asked


def test_nothing_goes_to_the_net_unasked(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    for args in (
        ["fill", str(STUDY_FILE), str(tmp_path / "a.xlsx"), "--from", str(STUDY_FILE), "--all"],
        ["new", str(tmp_path / "b.xlsx"), "--from", str(STUDY_FILE), "--all"],
    ):
        made = CliRunner().invoke(cli, args)
        assert made.exit_code == 0, made.output
    assert stub.asked == []


def test_the_commands_ask_when_told_to_and_only_about_identifiers(stub: Stub, tmp_path: Path) -> None:
    copy_ = tmp_path / "copy.xlsx"
    made = CliRunner().invoke(cli, ["fill", str(STUDY_FILE), str(copy_), "--online", "--format", "json"])
    assert made.exit_code == 0, made.output
    assert stub.asked and all(len(path) < 200 for path, _ in stub.asked)
    report = json.loads(made.stdout)
    assert any(e["source"] == "Crossref" for e in report["not_understood"])
    again = CliRunner().invoke(cli, ["fill", str(copy_), str(tmp_path / "again.xlsx"), "--online"])
    assert "Filled in (" not in again.stdout
    assert (tmp_path / "again.xlsx").read_bytes() == copy_.read_bytes()
    new = CliRunner().invoke(cli, ["new", str(tmp_path / "n.xlsx"), "--from", str(STUDY_FILE), "--all", "--online"])
    assert new.exit_code == 0, new.output


def test_a_question_is_polite_and_no_question_is_asked_twice(stub: Stub) -> None:
    there = workbook(Publications=[{"DOI": DOI}, {"DOI": DOI.upper(), "PubMed ID": None}])
    asked(there)
    first = len(stub.asked)
    assert all(h["User-Agent"].startswith("rembi-sheets/") for _, h in stub.asked)
    asked(there)
    assert len(stub.asked) == first, "answers are kept"


def test_an_answer_of_no_use_is_not_kept(stub: Stub) -> None:
    there = workbook(Organisations=[{"ROR ID": ROR}], People=[])
    stub.respond = lambda h: status(h, 200, b"{}")
    known, _ = asked(there)
    assert [u.why for u in known.unplaced] == ["ROR gave an answer that cannot be used."]
    stub.respond = None
    assert row(asked(there)[1], "organisations")["name"] == "Example University"


def status(handler: BaseHTTPRequestHandler, code: int, body: bytes = b"{}", **headers: str) -> None:
    handler.send_response(code)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def stub_answer(odd: dict[str, Callable[[BaseHTTPRequestHandler], None]]) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers as ever, but where a path begins as named."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        for begin, made in odd.items():
            if handler.path.startswith(begin):
                made(handler)
                return
        from urllib.parse import parse_qs, urlsplit

        parts = urlsplit(handler.path)
        found = replies.answer(parts.path, parse_qs(parts.query))
        status(handler, 200 if found is not None else 404, json.dumps(found).encode())

    return respond


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then: no step of it takes long, and the whole never ends."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.02)


HOSTILE: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {
    "server error": lambda h: status(h, 500),
    "busy": lambda h: status(h, 429),
    "not there": lambda h: status(h, 404),
    "html": lambda h: status(h, 200, b"<html><body>Log in</body></html>"),
    "no utf-8": lambda h: status(h, 200, b"\xff\xfe{}"),
    "half": lambda h: status(h, 200, b'{"message": {"title": ["No'),
    "shorter than told": lambda h: status(h, 200, b"{}", **{"Content-Length": "1000"}),
    "huge": lambda h: status(h, 200, b'"' + b"x" * 2_100_000 + b'"'),
    "deep": lambda h: status(h, 200, b"[" * 100_000),
    "digits": lambda h: status(h, 200, b"9" * 100_000),
    "redirected elsewhere": lambda h: status(h, 302, Location="http://localhost:9/elsewhere"),
    "redirected to a file": lambda h: status(h, 302, Location="file:///etc/passwd"),
    "going round": lambda h: status(h, 302, Location=h.path),
    "dripping": drip,
}


@pytest.mark.parametrize("how", HOSTILE)
def test_hostile_answers_end_in_notes(stub: Stub, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setattr(desk, "SECONDS", 0.2 if how == "dripping" else 5.0)
    stub.respond = HOSTILE[how]
    there = workbook(
        Publications=[{"DOI": DOI}], Organisations=[{"ROR ID": ROR}], People=[{"ORCID": ORCID}], Links=LINK
    )
    known, made = asked(there)
    assert known.proposals == [] and made.entries == ()
    assert {u.source for u in known.unplaced} == {"Crossref", "Europe PMC", "ROR", "ORCID", "EMDB"}
    assert all(u.why and u.where.startswith(stub.address) for u in known.unplaced)
    assert not any(path.endswith("elsewhere") for path, _ in stub.asked)


def test_a_service_that_fails_three_times_is_left_alone(stub: Stub) -> None:
    stub.respond = HOSTILE["server error"]
    known, _ = asked(workbook(Publications=[{"DOI": f"{DOI}{n}"} for n in range(9)]))
    assert len([p for p, _ in stub.asked if p.startswith("/crossref")]) == 3
    assert [u.why for u in known.unplaced].count("It is not asked any more.") == 2


def test_no_more_than_so_many_questions(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "MOST", 2)
    known, _ = asked(workbook(Organisations=[{"Name": n, "ROR ID": ROR_OF[n]} for n in ROR_OF], People=[]))
    assert len(stub.asked) == 2 and any("at most" in u.why for u in known.unplaced)


ROR_OF = {"A": "https://ror.org/00f54p054", "B": "https://ror.org/02mhbdp94", "C": "https://ror.org/03yrm5c26"}


def test_a_service_that_cannot_be_reached_is_a_note(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMBI_SHEETS_ORCID", "http://127.0.0.1:9")
    known, made = asked(workbook())
    assert "gave no answer" in known.unplaced[0].why and not made.of(State.FILLED)


READERS: list[tuple[Callable[[Any], Any], Any]] = [
    (lambda r: crossref.read(r, DOI), replies.CROSSREF),
    (lambda r: europepmc.read(r, {"doi": DOI}), replies.EUROPEPMC),
    (lambda r: ror.read(r, ROR), replies.ROR_REPLY),
    (lambda r: orcid.read(r, ORCID), replies.ORCID_REPLY),
    (lambda r: emdb.read(r, EMDB), replies.EMDB_REPLY),
    (lambda r: empiar.read(r, EMPIAR), replies.EMPIAR_REPLY),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(node: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, value in inner:
        yield from places(value, (*way, step))


def put(node: Any, way: tuple[Any, ...], value: Any) -> Any:
    if not way:
        return value
    made = copy.copy(node)
    made[way[0]] = put(made[way[0]], way[1:], value)
    return made


@pytest.mark.parametrize(("reader", "reply"), READERS)
@given(data=st.data())
@settings(max_examples=200 if LONG else 15, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_shape_of_a_reply_raises(reader: Callable[[Any], Any], reply: Any, data: st.DataObject) -> None:
    assert reader(reply) is not None
    way = data.draw(st.sampled_from(list(places(reply))))
    reader(put(reply, way, data.draw(JSON)))


@pytest.mark.parametrize(("reader", "reply"), READERS)
def test_a_reply_about_something_else_is_none(reader: Callable[[Any], Any], reply: Any) -> None:
    text = json.dumps(reply)
    for own in (DOI.upper(), DOI, ROR[-9:], ORCID, EMDB, EMPIAR):
        text = text.replace(own, own[:-1] + ("8" if own[-1] != "8" else "9"))
    assert reader(json.loads(text)) is None


def test_columns_that_clients_name_are_columns() -> None:
    schema = load()
    for (reader, reply), sheet in zip(
        READERS[:4], ("publications", "publications", "organisations", "people"), strict=True
    ):
        assert set(reader(reply)) <= set(schema[sheet].by_name)
    for reader, reply in READERS[4:]:
        entry = reader(reply)
        assert set(entry.paper) <= set(schema["publications"].by_name)
        assert all(set(d.values) <= set(schema[d.sheet].by_name) for d in entry.described)


@pytest.mark.parametrize("profile", ["light", "cryo"])
@pytest.mark.parametrize("without", [(), ("Image acquisition",), ("People", "Organisations")])
def test_filling_twice_changes_nothing_and_no_score_falls(stub: Stub, profile: str, without: tuple[str, ...]) -> None:
    sheets = {k: v for k, v in study(Links=[*LINK, {"Link": EMPIAR}]).items() if k not in without}
    sheets["Publications"] = [{"DOI": DOI}]
    there = _with(profile, sheets)
    _, made = asked(there)
    assert made.of(State.FILLED)
    assert not asked(made.tables)[1].of(State.FILLED)
    names = load().archive_names
    before, after = score(there, names), score(made.tables, names)
    assert after.total >= before.total
    for part in ("modules", "archives", "readers"):
        for one, other in zip(getattr(before, part), getattr(after, part), strict=True):
            assert other.score >= one.score, other
