"""Every kind of defect that IDR's tools, curators and published studies know: impossible here, or reported at its cell.

The list follows what IDR's parser raises, what omero-metadata refuses or misreads, what the Perl join cannot carry,
and what curators had to ask for.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from rembi_sheets import checks
from rembi_sheets.archives import package
from rembi_sheets.archives.idr.document import Entry, Study
from rembi_sheets.archives.idr.render import verify
from rembi_sheets.submission import Submission, from_tables
from tests.archives.idr.studies import HITS, RESULTS, SCREEN, both, files, well
from tests.support import STUDY, TODAY, found, submission, tables

idr = package("idr")

Sheets = dict[str, Any]


def text_of(made: Submission) -> str:
    return files(made)["idr0000-study.txt"]


def nasty() -> Submission:
    """An experiment whose texts hold what a line-based file cannot: tabs, breaks, quotes, blanks, foreign letters."""
    data = copy.deepcopy(STUDY)
    data["Study"]["Study description"] = 'One\tline,\r\nthen "another"\x0b\n# fill in °µβ  '
    data["People"][0]["Last name"] = "Ünal-Øster"
    data["People"][0]["First name(s)"] = '"Ada"\tB. '
    data["Study components"][0]["Study component description"] = "Screen Number\t2\nStudy Title\tother"
    data["Study components"][0]["Comments"] = "Study Title\r\nExperiment Number\t7"
    data["Biosamples"][0]["Description"] = 'a, "b";\nc '
    data["Files"][0] = {**data["Files"][0], "Note, of": 'x,"y"\nz '}
    return submission(data)


def publications(*rows: dict[str, Any]) -> Submission:
    return submission({**copy.deepcopy(STUDY), "Publications": list(rows)})


IMPOSSIBLE: dict[str, Callable[[], bool]] = {
    "tab inside a value": lambda: "line, then" in text_of(nasty()),
    "line break inside a value": lambda: "then 'another' # fill in °µβ\n" in text_of(nasty()),
    "double quotes": lambda: '"' not in text_of(nasty()),
    "byte order mark": lambda: all(not t.startswith("\ufeff") for t in files(nasty()).values()),
    "carriage returns": lambda: all("\r" not in t for t in files(nasty()).values()),
    "bytes that are no UTF-8": lambda: all(t.encode("utf-8").decode("utf-8") == t for t in files(nasty()).values()),
    "blanks at the end of a value": lambda: not re.search(r" (\t|$)", text_of(nasty()), re.MULTILINE),
    "blanks at the end of a cell": lambda: not [f for f in annotation_faults(nasty()) if "blanks" in f],
    "blank after a key, or a key in quotes": lambda: verify.study_file(text_of(nasty())) == [],
    "blank before the bracket of a Comment key": lambda: "Comment [IDR" not in text_of(both()),
    "hint of the template left in": lambda: "\t# " not in text_of(both()),
    "line of a component before its number": lambda: first_keys(both()) == {"Screen Number", "Experiment Number"},
    "study key twice": lambda: len(set(study_keys(nasty()))) == len(study_keys(nasty())),
    "unknown key, such as Term Source File": lambda: verify.study_file(text_of(both())) == [],
    "needed line missing without publications": lambda: "Study Publication Title\t\n" in text_of(nasty()),
    "more titles than authors": lambda: accepted(publications({"Title": "A paper without its authors"})),
    "more identifiers than titles": lambda: accepted(
        publications({"Title": "A"}, {"Title": "B", "Authors": "Doe J", "DOI": "10.1/x", "PubMed ID": "7"})
    ),
    "data DOI of the wrong form": lambda: "Study Data DOI\t\n" in text_of(both()),
    "number of components not whole": lambda: "Study Screens Number\t1\n" in text_of(both()),
    "fewer or more components than said, or one twice": lambda: numbers(both()) == ["1", "2"],
    "name of a component of the wrong form": lambda: "idr0000-unaloster-organoid/experimentA" in text_of(nasty()),
    "names of components that differ": lambda: len(set(re.findall(r"\t(idr\S+)/\w+\n", text_of(both())))) == 1,
    "organism at both levels": lambda: "\nStudy Organism\t\n" in text_of(both()) and accepted(both()),
    "rows of another width than the header": lambda: not annotation_faults(nasty()),
    "comma or quote in a cell of the CSV": lambda: 'x,""y"" z' in annotation(nasty()),
    "configuration names that are no column": lambda: not config_faults(both()),
    "misspelt key of a configuration": lambda: (
        config_keys(both())
        <= {"name", "clientname", "clientvalue", "omitempty", "include", "group", "namespace", "columns"}
    ),
    "entry with include left at no": lambda: all_included(both()),
    "one name shown twice in an annotation": lambda: not config_faults(twice_named()),
    "group with one of its keys only": lambda: gene_group(one_gene_key()) == ["Gene Identifier", "Gene Symbol"],
    "plates named otherwise than in their list": lambda: plates_named(both()),
    "phenotype lines in another order": lambda: (
        phenotype_lines(both())
        == ["Name", "Description", "Score Type", "Term Source REF", "Term Name", "Term Accession"]
    ),
    "accession without its prefix": lambda: not re.search(r"Accession\t\d", text_of(both())),
}


def accepted(made: Submission) -> bool:
    return verify.study_file(text_of(made)) == []


def annotation(made: Submission) -> str:
    return next(t for n, t in files(made).items() if n.endswith("-annotation.csv"))


def document(made: Submission) -> Study:
    built: Study = idr.build(made, TODAY).document
    return built


def annotation_faults(made: Submission) -> list[str]:
    return [f for c in document(made).components for f in verify.annotation(c.annotation, c.kind)]


def config_faults(made: Submission) -> list[str]:
    return [f for c in document(made).components for f in verify.bulkmap(c.bulkmap, c.annotation.header)]


def configs(made: Submission) -> str:
    return "".join(t for n, t in files(made).items() if n.endswith("bulkmap-config.yml"))


def config_keys(made: Submission) -> set[str]:
    text = configs(made)
    parts = re.findall(r"^columns:\n(.*?)^advanced:", text, re.MULTILINE | re.DOTALL)
    return {k for p in parts for k in re.findall(r"^ +(?:- )?(\w+):", p, re.MULTILINE)}


def all_included(made: Submission) -> bool:
    text = configs(made)
    return text.count("- name: ") == text.count("  include: yes\n") > 5


def entries(made: Submission) -> list[Entry]:
    return [e for c in document(made).components for e in c.bulkmap.columns]


def twice_named() -> Submission:
    data = copy.deepcopy(STUDY)
    data["Biosamples"][0]["Intrinsic variable"] = "Genotype: wild type"
    for row in data["Files"]:
        row.update({"Comment [Genotype]": "wild type", "Experimental Condition [Genotype]": "wild type"})
    return submission(data)


def one_gene_key() -> Submission:
    data = copy.deepcopy(STUDY)
    for row in data["Files"]:
        row["Gene Symbol"] = "TP53"
    return submission(data)


def gene_group(made: Submission) -> list[str]:
    group = next(g for c in document(made).components for g in c.bulkmap.groups if g.namespace.endswith("/gene"))
    return [e.clientname or e.name for e in group.entries]


def plates_named(made: Submission) -> bool:
    c = document(made).components[0]
    return {r[0] for r in c.paths} == set(c.annotation.column("Plate")) == set(c.layout.column("Plate"))


def first_keys(made: Submission) -> set[str]:
    return {c.blocks[0].lines[0].key for c in document(made).components}


def study_keys(made: Submission) -> list[str]:
    return [line.key for b in document(made).blocks for line in b.lines]


def numbers(made: Submission) -> list[str]:
    return re.findall(r"^(?:Screen|Experiment) Number\t(\d+)$", text_of(made), re.MULTILINE)


def phenotype_lines(made: Submission) -> list[str]:
    return re.findall(r"^Phenotype (.+?)\t", text_of(made), re.MULTILINE)[:6]


@pytest.mark.parametrize("defect", IMPOSSIBLE)
def test_a_defect_cannot_be_written(defect: str) -> None:
    assert IMPOSSIBLE[defect]()


def changed(base: Sheets, change: Callable[[Sheets], object]) -> Sheets:
    data = copy.deepcopy(base)
    change(data)
    return data


def on_files(number: int, **cells: Any) -> Callable[[Sheets], object]:
    return lambda data: data["Files"][number].update({k.replace("_", " "): v for k, v in cells.items()})


def own(heading: str, *values: Any) -> Callable[[Sheets], object]:
    """An own column with these values, from the first row on."""
    return lambda data: [row.update({heading: v}) for row, v in zip(data["Files"], values, strict=False)]


def on(sheet: str, number: int = 0, **cells: Any) -> Callable[[Sheets], object]:
    return lambda data: data[sheet][number].update({k.replace("_", " "): v for k, v in cells.items()})


REPORTED: list[tuple[str, Sheets, Callable[[Sheets], object], tuple[str, str, str]]] = [
    (
        "publication without authors",
        STUDY,
        lambda d: d.update(Publications=[{"Title": "A", "Authors": "Doe J"}, {"Title": "B"}]),
        ("IDR-AUTHORS-MISSING", "Publications", "B7"),
    ),
    (
        "identifiers without a title",
        STUDY,
        lambda d: d.update(
            Publications=[{"DOI": "10.1/x", "Title": None}, {"DOI": "10.1/y", "Title": "B", "Authors": "Doe J"}]
        ),
        ("REQUIRED-EMPTY", "Publications", "B6"),
    ),
    (
        "author list of another form",
        STUDY,
        lambda d: d.update(Publications=[{"Title": "A", "Authors": "Jane Doe"}]),
        ("IDR-AUTHOR-FORM", "Publications", "B6"),
    ),
    (
        "PubMed ID that is none",
        STUDY,
        lambda d: d.update(Publications=[{"Title": "A", "PubMed ID": "PMC12"}]),
        ("FORMAT-BAD", "Publications", "B6"),
    ),
    (
        "PMC ID that is none",
        STUDY,
        lambda d: d.update(Publications=[{"Title": "A", "PMC ID": "x12"}]),
        ("FORMAT-BAD", "Publications", "B6"),
    ),
    (
        "DOI that is none",
        STUDY,
        lambda d: d.update(Publications=[{"Title": "A", "DOI": "10/1234"}]),
        ("FORMAT-BAD", "Publications", "B6"),
    ),
    ("no organism", STUDY, on("Biosamples", Organism=None), ("IDR-ORGANISM", "Biosamples", "C6")),
    ("no sample type", STUDY, on("Study components", Scale=None), ("REQUIRED-EMPTY", "Study components", "D6")),
    (
        "licence without address",
        STUDY,
        lambda d: d["Study"].update(License="free for all"),
        ("IDR-LICENCE-ADDRESS", "Study", "B8"),
    ),
    (
        "licence that forbids some use",
        STUDY,
        lambda d: d["Study"].update(License="CC BY-NC 4.0"),
        ("IDR-LICENCE", "Study", "B8"),
    ),
    (
        "accession of the wrong form",
        STUDY,
        lambda d: d["Study"].update({"IDR accession": "IDR-12"}),
        ("FORMAT-BAD", "Study", "B14"),
    ),
    ("nothing for IDR", STUDY, on("Study components", Archives="BIA"), ("IDR-NO-COMPONENT", "Study components", "E6")),
    (
        "screen without its type",
        SCREEN,
        on("Study components", Screen_type=None),
        ("IDR-SCREEN-TYPE", "Study components", "E6"),
    ),
    (
        "screen fields of an experiment",
        STUDY,
        on("Study components", Library_type="siRNA library"),
        ("IDR-NOT-A-SCREEN", "Study components", "E6"),
    ),
    (
        "plates and single images in one component",
        SCREEN,
        on_files(3, Plate=None, Well=None),
        ("IDR-MIXED", "Study components", "A6"),
    ),
    ("images without a row", STUDY, lambda d: d.update(Files=[]), ("IDR-NO-ROWS", "Image data", "A6")),
    (
        "image name twice in a dataset",
        STUDY,
        on_files(1, Path="other/organoid_01.tiff"),
        ("IDR-IMAGE-TWICE", "Files", "A7"),
    ),
    ("well of the wrong form", SCREEN, on_files(1, Well="2B"), ("IDR-WELL", "Files", "D7")),
    ("well beyond 1536", SCREEN, on_files(1, Well="AG1"), ("IDR-WELL", "Files", "D7")),
    ("well without plate", SCREEN, on_files(1, Plate=None), ("IDR-PLATE-OR-WELL", "Files", "C7")),
    (
        "one well with two values",
        SCREEN,
        lambda d: d["Files"].append(well("plate1", "A01", "taxol")),
        ("IDR-WELL-UNLIKE", "Files", "E10"),
    ),
    ("plate in many files", SCREEN, on_files(1, Path="plate1/x.tif"), ("IDR-PLATE-FILES", "Files", "C6")),
    ("heading that OMERO takes for its own", STUDY, own("ROI Name", "x"), ("IDR-HEADING", "Files", "C5")),
    ("heading with a sign of OMERO's", STUDY, own("a %% b", "x"), ("IDR-HEADING", "Files", "C5")),
    (
        "two columns of one heading",
        STUDY,
        lambda d: [r.update({"Gene ID": "a", "Gene Identifier": "b"}) for r in d["Files"]],
        ("IDR-HEADING-SHARED", "Files", "C5"),
    ),
    ("slash in a heading", STUDY, own("Embryo/Fetus", "x"), ("IDR-HEADING-SLASH", "Files", "C5")),
    ("leading zeros lost", STUDY, own("Slide", "007", "008"), ("IDR-MISREAD", "Files", "C6")),
    ("closing zeros lost", STUDY, own("Depth", "1.50", "2.25"), ("IDR-MISREAD", "Files", "C6")),
    ("words read as truth values", STUDY, own("Fixed", "TRUE", "FALSE"), ("IDR-MISREAD", "Files", "C6")),
    ("filler in a searched column", SCREEN, on_files(0, Compound_Name="none"), ("IDR-FILLER", "Files", "E6")),
    ("several genes in a cell", STUDY, own("Gene Symbol", "TP53; MDM2"), ("IDR-SEVERAL", "Files", "C6")),
    ("gene turned into a date", STUDY, own("Gene Symbol", "1-Sep"), ("IDR-DATE-GENE", "Files", "C6")),
    ("unit in a short form", SCREEN, on_files(0, Dose_Unit="µM"), ("IDR-UNIT", "Files", "G6")),
    ("dose without a unit", SCREEN, lambda d: [r.pop("Dose Unit") for r in d["Files"]], ("IDR-UNIT", "Files", "F5")),
    ("compounds without an identifier", SCREEN, lambda d: None, ("IDR-COMPOUND", "Files", "E5")),
    ("comma that the join cannot carry", SCREEN, on_files(0, Compound_Name="2,4-D"), ("IDR-COMMA", "Files", "E5")),
    (
        "words by which the join finds its way",
        STUDY,
        lambda d: d["Study"].update(
            {"Study description": "As Screen Number 2 of the study before, this is a description."}
        ),
        ("IDR-PHRASE", "Study", "B6"),
    ),
    (
        "text that must be changed",
        STUDY,
        lambda d: d["Study"].update({"Study description": "One.\nTwo."}),
        ("IDR-TEXT", "Study", "B6"),
    ),
    (
        "kind of an entity unknown",
        STUDY,
        on("Biosamples", Biological_entity="thing"),
        ("IDR-KIND-UNKNOWN", "Biosamples", "A6"),
    ),
    (
        "variable without values",
        STUDY,
        on("Biosamples", Experimental_variables="Time"),
        ("IDR-VARIABLE-UNSEEN", "Biosamples", "D6"),
    ),
    (
        "sample not told",
        STUDY,
        lambda d: (
            d["Specimens"].append({**d["Specimens"][0], "Name": "Other"}),
            d["Image data"][0].update(Specimen="Cleared organoid; Other"),
        ),
        ("IDR-SAMPLE-OPEN", "Files", "A6"),
    ),
    (
        "channel without meaning",
        SCREEN,
        lambda d: d["Channels"][0].pop("Channel - biological entity"),
        ("IDR-CHANNEL-EMPTY", "Channels", "C6"),
    ),
    (
        "fluorescence without channels",
        STUDY,
        lambda d: d["Specimens"][0].update({"Signal/contrast mechanism": "fluorescent dye"}),
        ("IDR-CHANNEL-MISSING", "Specimens", "D6"),
    ),
    (
        "described column not in the table",
        SCREEN,
        on("Processed data columns", 1, Column_name="Z score"),
        ("IDR-COLUMN-UNKNOWN", "Processed data columns", "B7"),
    ),
    (
        "no linking column",
        SCREEN,
        on("Processed data columns", 0, Links_to_Files=None),
        ("IDR-LINK-MISSING", "Processed data columns", "E6"),
    ),
    (
        "linking column not in Files",
        SCREEN,
        lambda d: [r.pop("Compound Name") for r in d["Files"]],
        ("IDR-LINK-UNKNOWN", "Processed data columns", "B6"),
    ),
    (
        "phenotype never seen",
        SCREEN,
        lambda d: d["Phenotypes"].append({**d["Phenotypes"][0], "Name": "other"}),
        ("IDR-PHENOTYPE-UNUSED", "Phenotypes", "A7"),
    ),
    (
        "level of a data column missing",
        SCREEN,
        on("Processed data columns", 1, Annotation_level=None),
        ("WANTED-EMPTY", "Processed data columns", "D7"),
    ),
    ("last name without letters", STUDY, on("People", Last_name="Ψ"), ("IDR-LAST-NAME", "People", "B6")),
]


def everything(sheets: Sheets, results: bytes = HITS) -> set[tuple[str, str, str]]:
    """Findings of reading, of the checks for all archives, and of IDR."""
    made, findings = tables(sheets)
    sub = replace(from_tables(made), attachments={RESULTS: results})
    return found([*findings, *checks.check(made, ("idr",)), *idr.check(sub, TODAY)])


@pytest.mark.parametrize(("defect", "base", "change", "expected"), REPORTED, ids=[r[0] for r in REPORTED])
def test_a_defect_is_reported_at_its_cell(
    defect: str, base: Sheets, change: Callable[[Sheets], object], expected: tuple[str, str, str]
) -> None:
    made = everything(changed(base, change))
    assert expected in made, sorted(made)
    without = everything(base)
    # the small screen itself has compounds without identifiers
    assert expected not in without or expected[0] == "IDR-COMPOUND"


@pytest.mark.parametrize(
    ("results", "code"),
    [
        (HITS.replace(b"mitosis arrested", b"metaphase arrest"), "IDR-PHENOTYPE-UNKNOWN"),
        (HITS + b"taxol\t1\t\t\n", "IDR-LINK-NOWHERE"),
        (HITS + b"DMSO\t9\t\t\n", "IDR-LINK-TWICE"),
        (b"\x00\x01", "IDR-RESULT-FORMAT"),
        (
            HITS.replace(b"\t\t\n", b"\t\t\tx\n").replace(b"Phenotype 1\n", b"Phenotype 1\tMore\n"),
            "IDR-COLUMN-UNDESCRIBED",
        ),
    ],
)
def test_a_defect_of_the_results_is_reported_at_their_file(results: bytes, code: str) -> None:
    assert (code, "Analysed data", "E6") in everything(SCREEN, results)


def test_the_good_studies_have_no_error() -> None:
    for sheets in (STUDY, SCREEN):
        made, _ = tables(sheets)
        sub = replace(from_tables(made), attachments={RESULTS: HITS})
        assert not [f for f in idr.check(sub, TODAY) if f.severity == "error"]


def test_there_are_more_kinds_than_the_43_that_were_counted() -> None:
    assert len(IMPOSSIBLE) + len({r[0] for r in REPORTED}) > 43
