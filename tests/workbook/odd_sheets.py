"""Workbooks by chance: a sheet Files in every form that programs, and hands, give its XML."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape

from rembi_sheets.cells import a1

_SPACE = "http://schemas.openxmlformats.org/"
_HEADS = ("Path", "Image data", "Image Name", "Dose", "Size in bytes", "Comments", "Plate", "Well", "Nonsense")
_TEXTS = (
    "a/b.tif", "c.tif", "Stacks", "stacks ", " x", "", "müßig µm", "10⁶ H₂O", "漢字", "a & b", "x<y>z", "n/a", "#N/A",
    "_x000D_", "_x0041_b", "a\nb", "a\tb", "-", "Err:502", "1.5", "2026-01-05", "plate_1/image_0000001.tif",
    "a text that is longer than sixteen signs", "a text that is longer than sixteen sings", "sixteen letters!",
    "seventeen letters", "eightlet", "ninelette", "\u00a0", "e\u0301", "👩‍🔬", "A1:H12", "\"", "as above",
)  # fmt: skip
_NUMBERS = (
    "5", "5.0", "1.50", "-3", "0", "-0", "1e3", "1E-7", "45000.5", "123456789012345678", "1e999", "+5", ".5", "5.",
    "nan", "0.1", " 7", "7 ", "1,5", "", "12345678",
)  # fmt: skip
_FORMATS = ("", "0", "0.00", "#,##0", "0%", '0.0" mm"', "yyyy-mm-dd", "d mmm yy", "[h]:mm", "@", "General", "0.00E+00")
_BUILTIN = (0, 1, 2, 9, 14, 22, 27, 45, 49)


class Odd:
    """One workbook; `calm` is the chance that a choice is the usual one."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.calm = self.random.choice((0.9, 0.99, 0.999, 1.0))
        self.shared: list[str] = []
        self.inline = self.random.random() < 0.4

    def odd(self) -> bool:
        return self.random.random() > self.calm

    def made(self) -> bytes:
        """The workbook as a file."""
        sheet = self.sheet()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            for name, content in (*_FRAME, ("xl/worksheets/sheet1.xml", sheet), ("xl/styles.xml", self.styles())):
                package.writestr(name, content)
            package.writestr("xl/sharedStrings.xml", self.strings())
        return out.getvalue()

    def styles(self) -> str:
        formats = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{_quoted(f)}"/>' for n, f in enumerate(_FORMATS))
        numbers = [*_BUILTIN, *(200 + n for n in range(len(_FORMATS)))]
        cells = "".join(f'<xf numFmtId="{n}" fontId="0"/>' for n in numbers) + '<xf numFmtId="0" fontId="1"/>'
        fonts = "<font><sz val='11'/></font><font><strike/></font>"
        head = f'<styleSheet xmlns="{_SPACE}spreadsheetml/2006/main"><numFmts>{formats}</numFmts>'
        return f"{head}<fonts>{fonts}</fonts><cellXfs>{cells}</cellXfs></styleSheet>"

    def strings(self) -> str:
        odd = self.random.random() < 0.1
        items = "".join(f"<si>{self.text(t) if not odd else self.rich(t)}</si>" for t in self.shared)
        end = "\n" if self.odd() else ""
        return f'<?xml version="1.0"?>\n<sst xmlns="{_SPACE}spreadsheetml/2006/main" count="1">{items}</sst>{end}'

    def rich(self, text: str) -> str:
        """A text that may be in runs, some raised."""
        if self.random.random() < 0.7:
            return self.text(text)
        look = self.random.choice(("<b/>", '<vertAlign val="superscript"/>', "<strike/>"))
        return f"<r><rPr>{look}</rPr>{self.text(text)}</r>" + ("<r><t>2</t></r>" if self.odd() else "")

    def text(self, text: str) -> str:
        blanks = text != text.strip() or "\n" in text or "\t" in text
        keep = ' xml:space="preserve"' if blanks != self.odd() else ""
        written = escape(text)
        if self.odd():
            written = self.random.choice(
                (f"<![CDATA[{text.replace(']]>', '')}]]>", f"{written}&#65;", f"{written}\r\nz")
            )
        return f"<t{keep}>{written}</t>" if text or not self.odd() else "<t/>"

    def sheet(self) -> str:
        rows = self.random.randint(1, 14)
        at = self.random.choice((1, 5, 5, 5))
        heads = [h for h in _HEADS if self.random.random() < 0.9]
        plain = [self.random.random() < 0.7 for _ in heads]  # columns of one kind
        made = [self.row(at, [self.string(h) for h in heads], "")]
        for number in range(at + 1, at + 1 + rows):
            if self.odd():
                continue  # a row that is not there
            made.append(self.row(number, [self.value(p, n) for n, p in enumerate(plain)], self.attributes()))
        if self.odd():
            self.random.shuffle(made)
        if self.odd():
            made.append(self.random.choice(made))
        before = f'<sheetViews/><dimension ref="A1:{a1(at + rows, len(heads))}"/>' if self.odd() else ""
        tails = (
            "",
            "<mergeCells><mergeCell ref='A7:B8'/></mergeCells>",
            '<mergeCells count="1"><mergeCell ref="A7:A8"/></mergeCells>',
        )
        tail = self.random.choice(tails) if self.random.random() < 0.2 else ""
        start = self.random.choice(_STARTS) if self.odd() else _STARTS[0]
        data = "".join(made)
        if self.odd():
            data = self.random.choice((data.replace("><row", ">\n <row"), data + "<!-- x -->", data.replace('"', "'")))
        if self.random.random() < 0.02:
            data = self.damaged(data)
        root = f'{start}<worksheet xmlns="{_SPACE}spreadsheetml/2006/main">{before}'
        return f"{root}<sheetData>{data}</sheetData>{tail}</worksheet>"

    def damaged(self, data: str) -> str:
        """A few signs lost or put in."""
        at = self.random.randrange(len(data))
        return (
            data[:at]
            + self.random.choice(("", "<", ">", '"', "<v>", "&", "x", "\0"))
            + data[at + self.random.randint(0, 3) :]
        )

    def attributes(self) -> str:
        odd = (' hidden="1"', ' ht="20" customHeight="1"', ' spans="1:5"', ' s="3" customFormat="1"', ' r="9"')
        return self.random.choice(odd) if self.random.random() < 0.1 else ""

    def row(self, number: int, cells: list[str | Callable[[str], str]], attributes: str) -> str:
        written = [c(a1(number, n)) for n, c in enumerate(cells, start=1) if c is not None and callable(c)]
        if not written and self.odd():
            return f'<row r="{number}"{attributes}/>'
        address = "" if self.odd() else f' r="{number}"'
        return f"<row{address}{attributes}>{''.join(written)}</row>"

    def string(self, text: str) -> Callable[[str], str]:
        style = f' s="{self.random.randint(0, 20 + self.odd())}"' if self.random.random() < 0.2 else ""
        style = style if self.calm < 1 or style != ' s="21"' else ""
        if self.inline:
            return lambda at: f'<c r="{at}"{style} t="inlineStr"><is>{self.text(text)}</is></c>'
        if text not in self.shared or self.odd():
            self.shared.append(text)
        number = self.shared.index(text) + 1000 * (self.odd() and self.odd())
        return lambda at: f'<c r="{at}"{style} t="s"><v>{number}</v></c>'

    def value(self, plain: bool, column: int) -> str | Callable[[str], str]:
        kind = self.random.random()
        if self.random.random() < 0.05:
            style = self.random.randint(0, 20)
            return lambda at: f'<c r="{at}" s="{style}"/>' if self.random.random() < 0.5 else ""
        if self.odd():
            return self.strange()
        if (plain and column not in (3, 4)) or kind < 0.6:
            usual = _TEXTS if self.odd() else _TEXTS[:3]
            text = (
                f"f{self.random.randint(1, 99)}/{self.random.choice(usual)}"
                if column == 0
                else self.random.choice(usual)
            )
            return self.string(text)
        number = self.random.choice(_NUMBERS if self.odd() else _NUMBERS[:5])
        style = self.random.choice((0, 0, 1, 2, 10, 11, 12)) if not self.odd() else self.random.randint(0, 20)
        typed = self.random.choice(("", ' t="n"'))
        return lambda at: f'<c r="{at}" s="{style}"{typed}><v>{number}</v></c>'

    def strange(self) -> Callable[[str], str]:
        form = self.random.choice(_STRANGE)
        return lambda at: form.format(at=at)


_STRANGE = (
    '<c r="{at}" t="e"><v>#N/A</v></c>',
    '<c r="{at}"><f>A1+1</f><v>2</v></c>', '<c r="{at}" t="str"><f>B1</f><v>x</v></c>',
    '<c r="{at}"><f>A1</f></c>', '<c r="{at}" t="b"><v>1</v></c>', '<c r="{at}" t="d"><v>2026-01-05</v></c>',
    '<c r="{at}" t="str"><v>plain</v></c>', '<c r="{at}"></c>', '<c r="{at}"><v/></c>', '<c r="{at}"><v></v></c>',
    '<c r="{at}" t="s"/>', '<c r="{at}" t="e"/>', '<c r="{at}" t="inlineStr"/>', '<c t="n" r="{at}"><v>5</v></c>',
    '<c r="{at}" t="n" s="1"><v>5</v></c>', '<c r="{at}" s="3" cm="1"><v>5</v></c>', '<c r="{at}" t="s"><v> 0</v></c>',
    '<c r="{at}" t="s"><v></v></c>',
    '<c r="{at}" t="n"><is><t>x</t></is></c>', '<c r="{at}" t="inlineStr"><v>5</v></c>',
    '<c r="{at}" t="inlineStr"><is><t>a</t><t>b</t></is></c>', '<c><v>5</v></c>', '<c r="B2"><v>5</v></c>',
    '<c r="{at}" ><v>5</v></c>', '<c r="{at}" s="1" />', '<c r="{at}"  s="1"/>', '<c r="{at}" s=""/>',
    '<c r="ZZ7"><v>1</v></c>',
    '<c r="{at}" s="1"><v>5</v><extLst/></c>', '<x:c r="{at}"><x:v>5</x:v></x:c>', '<c r="{at}"><v>5</v> </c>',
)  # fmt: skip
_STARTS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n', "", '<?xml version="1.0"?>', "\ufeff",
    '<?xml version="1.0" encoding="ISO-8859-1"?>', '<?xml version="1.0" encoding="utf-8"?>\n<!-- x -->',
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>', "<?xml version='1.0' encoding='UTF-8'?>\n",
)  # fmt: skip


def _quoted(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="r{number}" Type="{_SPACE}officeDocument/2006/relationships/{kind}" Target="{target}"/>'


def _relations(*inner: str) -> str:
    return f'<Relationships xmlns="{_SPACE}package/2006/relationships">{"".join(inner)}</Relationships>'


_FRAME = (
    (
        "[Content_Types].xml",
        f'<Types xmlns="{_SPACE}package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
    ),
    ("_rels/.rels", _relations(_relation(1, "officeDocument", "xl/workbook.xml"))),
    (
        "xl/workbook.xml",
        f'<workbook xmlns="{_SPACE}spreadsheetml/2006/main" xmlns:r="{_SPACE}officeDocument/2006/relationships">'
        '<sheets><sheet name="Files" sheetId="1" r:id="r1"/></sheets></workbook>',
    ),
    (
        "xl/_rels/workbook.xml.rels",
        _relations(
            _relation(1, "worksheet", "worksheets/sheet1.xml"),
            _relation(2, "sharedStrings", "sharedStrings.xml"),
            _relation(3, "styles", "styles.xml"),
        ),
    ),
)
