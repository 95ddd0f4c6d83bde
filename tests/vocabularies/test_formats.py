"""Ontology files of every kind are read, and bad ones are told by line instead of doing harm."""

import textwrap

import pytest

from rembi_sheets import steps
from rembi_sheets.vocabularies.formats import MAX_LINE, About, Problem, Term, read

OBO = """\
format-version: 1.2
data-version: releases/2026-01-30
ontology: lab

! a comment
[Term]
id: FBbi:00000246 ! fluorescence
name: fluorescence microscopy
def: "Light \\"emitted\\"." [x:y]
synonym: "FLM" EXACT []
synonym: "say \\"cheese\\"" RELATED [a:b]
is_a: FBbi:00000345 {source="x"} ! light microscopy
is_obsolete: false

[Term]
id: FBbi_00000242
name: wide field light micrograph
is_obsolete: true
replaced_by: FBbi:00000243

[Typedef]
id: part_of
name: part of

[Term]
id: GO:0005634
"""

OWL = """\
<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [ <!ENTITY obo "http://purl.obolibrary.org/obo/"> ]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#"
  xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:oio="http://www.geneontology.org/formats/oboInOwl#"
  xmlns:obo="http://purl.obolibrary.org/obo/">
  <owl:Ontology rdf:about="&obo;lab.owl"><owl:versionIRI rdf:resource="&obo;lab/2026-01-30/lab.owl"/></owl:Ontology>
  <owl:Class rdf:about="&obo;FBbi_00000246">
    <rdfs:label xml:lang="en">fluorescence
       microscopy</rdfs:label>
    <rdfs:label xml:lang="de">Fluoreszenzmikroskopie</rdfs:label>
    <oio:hasExactSynonym>FLM</oio:hasExactSynonym>
    <rdfs:subClassOf rdf:resource="&obo;FBbi_00000345"/>
    <rdfs:subClassOf><owl:Restriction><rdfs:label>inner</rdfs:label></owl:Restriction></rdfs:subClassOf>
  </owl:Class>
  <rdf:Description rdf:about="&obo;FBbi_00000242">
    <rdf:type rdf:resource="http://www.w3.org/2002/07/owl#Class"/>
    <rdfs:label>old</rdfs:label><owl:deprecated>true</owl:deprecated>
    <obo:IAO_0100001 rdf:resource="&obo;FBbi_00000243"/>
  </rdf:Description>
  <owl:ObjectProperty rdf:about="&obo;RO_0000052"><rdfs:label>inheres in</rdfs:label></owl:ObjectProperty>
</rdf:RDF>
"""

NAMES = """\
1\t|\tall\t|\t\t|\tsynonym\t|
1\t|\troot\t|\t\t|\tscientific name\t|
7227\t|\tDrosophila melanogaster\t|\t\t|\tscientific name\t|
7227\t|\tfruit fly\t|\t\t|\tgenbank common name\t|
7227\t|\tDrosophila melanogaster Meigen, 1830\t|\t\t|\tauthority\t|
"""


def events(tmp_path, content, name="file"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else textwrap.dedent(content).encode())
    return list(read(path))


def test_obo_gives_terms_with_all_that_is_said_of_them(tmp_path):
    assert events(tmp_path, OBO) == [
        About("2026-01-30"),
        Term("FBbi:00000246", "fluorescence microscopy", ("FLM", 'say "cheese"'), ("FBbi:00000345",)),
        Term("FBbi:00000242", "wide field light micrograph", obsolete=True, replaced_by="FBbi:00000243"),
    ]


def test_owl_gives_the_same(tmp_path):
    assert events(tmp_path, OWL) == [
        About("2026-01-30"),
        Term("FBbi:00000246", "fluorescence microscopy", ("Fluoreszenzmikroskopie", "FLM"), ("FBbi:00000345",)),
        Term("FBbi:00000242", "old", obsolete=True, replaced_by="FBbi:00000243"),
    ]


def test_names_dmp_gives_taxa_with_names_people_use(tmp_path):
    assert events(tmp_path, NAMES) == [
        Term("NCBITaxon:1", "root", ("all",)),
        Term("NCBITaxon:7227", "Drosophila melanogaster", ("fruit fly",)),
    ]


def test_tsv_takes_the_usual_headings(tmp_path):
    rows = (
        "\ufeffName\tTerm ID\tAliases\tdeprecated",
        "our cell\tLAB:0001\tOC|our line\tno",
        "",
        "old\tLAB:0002\t\tyes",
    )
    table = "\r\n".join(rows)

    assert events(tmp_path, table) == [
        Term("LAB:0001", "our cell", ("OC", "our line")),
        Term("LAB:0002", "old", obsolete=True),
    ]


def test_rows_that_are_not_whole_are_told(tmp_path):
    found = events(tmp_path, "id\tlabel\nLAB:0001\t\n\tx\nLAB:0003\ty\n")

    assert [(e.line, e.fatal) for e in found if isinstance(e, Problem)] == [(2, False), (3, False)]
    assert found[-1] == Term("LAB:0003", "y")


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY b{i} "&{"a" if not i else f"b{i - 1}"};&{"a" if not i else f"b{i - 1}"};">' for i in range(40))
    + "]><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>&b39;</rdf:RDF>"
)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"\n \n", "empty", id="blank"),
        pytest.param(OBO.encode("utf-16"), "UTF-16", id="utf-16"),
        pytest.param(OBO.replace("FLM", "Zelle ä").encode("latin-1"), "UTF-8", id="latin-1"),
        pytest.param(b"\x1f\x8b\x08\x00", "unpack", id="gzip"),
        pytest.param(b"PK\x03\x04....", "unpack", id="zip"),
        pytest.param(b"\x00\x01\x02", "not a text", id="binary"),
        pytest.param(b"format-version: 1.2\n[Term]\nid: " + b"x" * (MAX_LINE + 9), "million", id="endless line"),
        pytest.param(b"just some words\nand more\n", "neither", id="prose"),
        pytest.param(b"Prefix(owl:=<http://www.w3.org/2002/07/owl#>)\n", "functional", id="functional syntax"),
        pytest.param(b"@prefix owl: <http://www.w3.org/2002/07/owl#> .\n", "Turtle", id="turtle"),
        pytest.param(b"<html><body/></html>", "RDF/XML", id="html"),
        pytest.param(OWL.encode()[:-40], "broken", id="cut off"),
        pytest.param(BOMB.encode(), "expanded", id="entity bomb"),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "outside", id="external entity"
        ),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY % e SYSTEM "http://example.org/x.dtd"> %e;]><x/>', "outside", id="parameter entity"
        ),
        pytest.param(b"colour\tsize\nred\t1\n", "no column id", id="table without id"),
    ],
)
def test_bad_files_end_in_one_clear_problem(tmp_path, content, word):
    last = events(tmp_path, content)[-1]

    assert isinstance(last, Problem) and last.fatal
    assert word in str(last)


def test_a_file_that_is_not_there_is_a_problem(tmp_path):
    (found,) = read(tmp_path / "nothing.obo")

    assert isinstance(found, Problem) and found.fatal and "cannot be read" in found.message


def test_a_term_without_identifier_is_told_by_line(tmp_path):
    found = events(tmp_path, "format-version: 1.2\n[Term]\nname: nameless\n[Term]\nid: LAB:0001\nname: x\n")

    assert [type(e) for e in found] == [Problem, Term]
    assert found[0].line == 2


def test_progress_reaches_the_end(tmp_path):
    path = tmp_path / "lab.obo"
    path.write_text(OBO + f"comment: {'x' * 999}\n" * 2000)
    told = []

    with steps.heard_by(told.append):
        list(read(path))

    assert told[0] == steps.Step("MB", 1, 3)
    assert told[-1] == steps.Step("MB", 3, 3)
