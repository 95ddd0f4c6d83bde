"""`check` on a workbook with 100,000 rows in Files, beside others on the same file: `python -m benchmarks check`.

Each figure comes from a process of its own, the median of three or more, all in turn. Times are processor time
without the imports; memory is by how much the peak of the process grew. What the others do of the job is said in
`peers`. The workbook is measured as openpyxl writes it, every text in its cell, and as Excel does, with the texts in a
part of their own.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import peers
from benchmarks.measuring import OURS, Row, beside, sized, times

ROWS = 100_000
RUNS = sized(3, 5)

CHECK = """
workbook = pipeline.read(Path(sys.argv[1]))
checked = pipeline.check(workbook, sys.argv[2:])
assert workbook.readable and not any(f.severity == "error" for f in checked.findings), checked.findings
"""
_CONVERT = """
import tempfile
made = pipeline.convert(pipeline.read(Path(sys.argv[1])), sys.argv[3:])
assert made.files, made.findings
pipeline.write(made, Path(tempfile.mkdtemp(dir=sys.argv[2])) / "made")
"""
ALL = ("bioimage-archive", "empiar", "idr")


def measure() -> Iterator[Row]:
    """Ours beside the others, on the same file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = workbook(folder, ROWS)
        for form, file in (("", path), (", texts shared as Excel does", _shared(path))):
            jobs: dict[str, tuple[object, ...]] = {
                "reading": (*peers.CALAMINE, file),
                "ours": (OURS, CHECK, file, ALL[0]),
                "every": (OURS, CHECK, file, *ALL),
                "made": (OURS, _CONVERT, file, folder, *ALL),
            }
            reading, ours, every, made = beside(jobs, RUNS).values()
            yield f"check, {ROWS:,} rows in Files{form}", times(ours, reading), "at most 1.3 x calamine"
            yield "  for all three archives", times(every, reading), "at most 1.8 x"
            yield "  convert to all three archives", times(made, reading), "at most 3 x"
            yield "  memory", times(every, reading, "memory"), "at most 4 x"
            yield "  seconds: ours, calamine", f"{ours['time']:.2f}, {reading['time']:.2f}", ""
            if file is path:
                table = workbook(folder, ROWS, side=True).with_suffix(".files.tsv")
                yield from peers.beside(file, table, ROWS, reading)


def workbook(folder: Path, rows: int, side: bool = False) -> Path:
    """A study that all three archives take, with so many rows in Files, or in the table beside it."""
    from openpyxl import Workbook

    from rembi_sheets.schema import load
    from tests.cases.base import GOOD
    from tests.support import book

    path = folder / f"check-{rows}{'-side' if side else ''}.xlsx"
    if path.exists():
        return path
    title = load()["files"].title
    sheets = {s.title: [list(r) for r in s.rows] for s in book(GOOD).sheets}
    head = next(n for n, row in enumerate(sheets[title]) if "Path" in row)
    given = sheets[title][head + 1 :]
    own = ("Image name", "Compound Name", "Dose", "Dose Unit", "Quality Control", "Replicate", "Comments")
    place = sheets[title][head].index("Image data")
    heads = [*sheets[title][head], *own]
    lines = [[*r, *(None for _ in range(len(heads) - len(r)))] for r in given]
    lines += [_line(n, len(sheets[title][head]), place) for n in range(rows)]
    with_all = {**sheets, title: [*sheets[title][:head], heads, *([] if side else lines)]}
    _pixels(with_all["Image data"], rows)
    made = Workbook(write_only=True)
    for name, content in with_all.items():
        sheet = made.create_sheet(name)
        for row in content:
            sheet.append(row)
    made.save(path)
    if side:
        with path.with_suffix(".files.tsv").open("w", encoding="utf-8") as table:
            table.writelines("\t".join("" if c is None else str(c) for c in line) + "\n" for line in (heads, *lines))
    return path


def _line(n: int, width: int, image_data: int) -> list[object]:
    cells: list[object] = [None] * width
    cells[0] = f"images/plate_{n // 384}/image_{n:07}.tif"
    cells[image_data] = "Stacks"
    dose = str(n % 10 * 0.5)
    return [*cells, f"image {n}", f"compound {n % 384}", dose, "micromolar", "pass", str(n % 3), f"field {n % 9}"]


def _pixels(rows: list[list[object]], more: int) -> None:
    """The number of images of the good study, and so many more."""
    head = next(n for n, row in enumerate(rows) if "Number of images" in row)
    column = rows[head].index("Number of images")
    rows[head + 1][column] = int(str(rows[head + 1][column])) + more


def _shared(path: Path) -> Path:
    """The workbook with its texts in a part of their own, each once, as Excel writes it."""
    texts: dict[bytes, int] = {}

    def number(found: re.Match[bytes]) -> bytes:
        return b't="s"><v>%d</v>' % texts.setdefault(found[1], len(texts))

    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(rb't="inlineStr"><is><t[^>]*>(.*?)</t></is>', number, content, flags=re.DOTALL)
            elif name == "xl/_rels/workbook.xml.rels":
                content = content.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rIdS" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/'
                    b'officeDocument/2006/relationships/sharedStrings"/></Relationships>',
                )
            elif name == "[Content_Types].xml":
                content = content.replace(
                    b"</Types>",
                    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
                    b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
                )
            if name != "xl/sharedStrings.xml":
                new.writestr(name, content)
        items = b"".join(b"<si><t>%s</t></si>" % t for t in texts)
        space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        new.writestr("xl/sharedStrings.xml", b'<?xml version="1.0"?><sst xmlns="%s">%s</sst>' % (space, items))
    shared = path.with_stem(f"{path.stem}-shared")
    shared.write_bytes(made.getvalue())
    return shared
