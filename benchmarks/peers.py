"""What others take for the nearest job they can do, on the same rows: programs for `measuring.alone`, and their inputs.

calamine and pandas with openpyxl only read the workbook. frictionless looks at the form of its longest sheet, linkml at
the form of the same rows as a table of text, since it reads no workbook. MIHCSME-py reads a workbook of its own form
only, with as many rows, and checks no values. The last two bring many libraries and have an environment of their own
(`make bench` makes it). metaseed reads no table of files. Each says nothing where it is not installed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measuring import ROOT, Row, alone, times

PYTHON = ROOT / ".venv-peers" / "bin" / "python"

CALAMINE = (
    "import python_calamine",
    """
    book = python_calamine.load_workbook(sys.argv[1])
    rows = [book.get_sheet_by_name(n).to_python() for n in book.sheet_names]
    """,
)
_PANDAS = (
    "import pandas, openpyxl",
    "frames = pandas.read_excel(sys.argv[1], sheet_name=None, engine='openpyxl', header=None)",
)
_FRICTIONLESS = (
    "from frictionless import Dialect, formats\nfrom frictionless.resources import TableResource",
    """
    path = Path(sys.argv[1])
    dialect = Dialect(header_rows=[5], controls=[formats.ExcelControl(sheet="Files")])
    report = TableResource(path=path.name, basepath=str(path.parent), dialect=dialect).validate()
    assert report.tasks[0].stats["rows"] >= int(sys.argv[2]), report
    """,
)
_LINKML = (
    """
    from linkml.validator import Validator
    from linkml.validator.loaders import TsvLoader
    from linkml.validator.plugins import JsonschemaValidationPlugin
    """,
    """
    validator = Validator(sys.argv[2], validation_plugins=[JsonschemaValidationPlugin(closed=True)])
    found = validator.validate_source(TsvLoader(sys.argv[1]), target_class="File").results
    assert not found, found[:3]
    """,
)
_MIHCSME = (
    "from mihcsme_py.parser import parse_excel_to_model",
    "assert len(parse_excel_to_model(sys.argv[1]).assay_conditions) == int(sys.argv[2])",
)


def beside(workbook: Path, table: Path, rows: int, reading: dict[str, float]) -> Iterator[Row]:
    """Each peer beside calamine reading the workbook; `table`: its rows of files as text."""
    yield "  pandas with openpyxl, only reading", _told(lambda: alone(*_PANDAS, workbook), reading), ""
    yield "  frictionless, form of the sheet Files", _told(lambda: alone(*_FRICTIONLESS, workbook, rows), reading), ""
    linkml = _told(lambda: alone(*_LINKML, *_of_linkml(table), python=PYTHON), reading)
    yield "  linkml, form of the same rows as text", linkml, ""
    plates = table.with_name("mihcsme.xlsx")
    mihcsme = "not installed"
    if PYTHON.exists():
        _of_mihcsme(plates, rows)
        mihcsme = _told(lambda: alone(*_MIHCSME, plates, rows, python=PYTHON), reading)
    yield "  MIHCSME-py, reading as many rows of its own form", mihcsme, ""


def _told(run: Callable[[], dict[str, float]], reading: dict[str, float]) -> str:
    """The ratio, or that the peer is not there."""
    try:
        return times(run(), reading)
    except (RuntimeError, FileNotFoundError) as error:
        missing = isinstance(error, FileNotFoundError) or "ModuleNotFoundError" in str(error)
        if not missing:
            raise
        return "not installed"


def _of_linkml(table: Path) -> tuple[Path, Path]:
    """The table with headings that LinkML takes, and its schema: texts, a path in each row, a list of words."""
    head, _, rows = table.read_text(encoding="utf-8").partition("\n")
    heads = head.replace(" ", "_").split("\t")
    named = table.with_name("linkml.tsv")
    named.write_text("\t".join(heads) + "\n" + rows, encoding="utf-8")
    slots: dict[str, dict[str, object]] = {h: {"range": "string"} for h in heads}
    slots["Path"] |= {"required": True, "pattern": r"^[^/\\][^\\]*$"}
    slots["Quality_Control"] |= {"range": "quality"}
    slots["Dose"] |= {"range": "float"}
    slots["Replicate"] |= {"range": "integer"}
    made = {
        "id": "https://example.org/files",
        "name": "files",
        "prefixes": {"linkml": "https://w3id.org/linkml/"},
        "imports": ["linkml:types"],
        "default_range": "string",
        "enums": {"quality": {"permissible_values": {"pass": None, "fail": None}}},
        "classes": {"File": {"attributes": slots}},
    }
    schema = table.with_name("files.yaml")
    schema.write_text(json.dumps(made), encoding="utf-8")  # JSON is YAML
    return named, schema


def _of_mihcsme(path: Path, rows: int) -> None:
    """A workbook of the form that MIHCSME-py reads, with so many wells."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for title in ("InvestigationInformation", "StudyInformation", "AssayInformation"):
        book.create_sheet(title).append(["Annotation_groups", "Key", "Value"])
    wells = book.create_sheet("AssayConditions")
    wells.append(["# a well a row", *[None] * 8])
    wells.append(["Plate", "Well", "Treatment", "Dose", "DoseUnit", "CellLine", "TimeTreatment", "RepID", "Remarks"])
    for n in range(rows):
        well = f"{chr(65 + n % 384 // 24)}{n % 24 + 1:02}"
        told = [f"compound {n % 384}", str(n % 10 * 0.5), "micromolar", "HeLa", "24 h", str(n % 3), f"field {n % 9}"]
        wells.append([f"plate {n // 384}", well, *told])
    book.save(path)
