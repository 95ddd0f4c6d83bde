"""What the columns of a table mean: by their headings, then by what stands in them; each with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from rembi_sheets import vocabularies
from rembi_sheets.cells import Raw
from rembi_sheets.fill.compare import measures
from rembi_sheets.fill.identity import identity
from rembi_sheets.fill.model import Confidence
from rembi_sheets.fill.sources.table import wells
from rembi_sheets.fill.sources.table.blocks import Block, Heading
from rembi_sheets.fill.sources.table.model import Aim, TableMap
from rembi_sheets.fill.sources.table.words import WELL_COLUMN, WELL_ROW, listed, squeezed, synonyms
from rembi_sheets.schema import Column, Format, Kind, Layout, SheetSpec, load
from rembi_sheets.tables import OWN
from rembi_sheets.values import clean, convert
from rembi_sheets.values.forms import fits
from rembi_sheets.vocabularies.words import singulars

_SAMPLE = 400  # cells of a column that are looked at
_MOST = 0.9  # share of them that has to be of one form
_COUNTS = ("px", "pixel", "pixels")
_UNITS = {OWN + "Dose": OWN + "Dose Unit"}
_PATH, _PLATE, _WELL = "path", "plate", "well"


def proposed(block: Block, file: str) -> TableMap:
    """How a table is understood, the sheet it is about being the one that most of its columns fit."""
    samples = {h.number: _sample(block.values(h.number, block.rows[: 20 * _SAMPLE])) for h in block.headings}
    best: tuple[int, TableMap] | None = None
    for sheet in load().sheets:
        if sheet.layout is Layout.FORM:
            continue
        aims = _by_content(sheet, block, samples, _by_headings(sheet, block.headings))
        score = _score(sheet, block, aims)
        if score and (best is None or score > best[0]):
            best = score, TableMap(file, block.sheet.title, block.head, sheet.name, tuple(aims.values()))
    found = best[1] if best else _lookup(block, file)
    return _rest(found, block)


def _sample(values: Sequence[Raw]) -> list[Raw]:
    filled: list[Raw] = [v for v in values if v is not None]
    return filled[:: max(1, len(filled) // _SAMPLE)]


@cache
def _labels(sheet: str) -> Mapping[str, str]:
    """Squeezed label -> machine name; for a sheet with own columns the well-known ones too."""
    spec = load()[sheet]
    out = {squeezed(e.label): OWN + e.label for e in vocabularies.entries("own_column")} if spec.own else {}
    return out | {squeezed(c.label): c.name for c in spec.columns if not c.own}


def _by_headings(sheet: SheetSpec, headings: Sequence[Heading]) -> dict[int, Aim]:
    """By number of a column: what its heading says on a sheet; each of ours is meant once, by the surest."""
    found = [(n, aim) for h in headings for n, aim in _heading(sheet, h)]
    out: dict[int, Aim] = {}
    for _, aim in sorted(found, key=lambda f: (f[0], f[1].number)):
        aim = _with_unit(sheet, aim)
        if aim.to and aim.number not in out and aim.to not in {a.to for a in out.values()}:
            out[aim.number] = aim
    return out


def _heading(sheet: SheetSpec, h: Heading) -> Iterator[tuple[int, Aim]]:
    """What one heading may say on a sheet, and how near each is: 0 for our own word, 1 for that of others, 2 for one
    that counts where no other is there, 3 for a column of the user's own where others call one of ours so."""
    texts = h.text, h.name
    found = list(_called(sheet, h, dict.fromkeys(map(squeezed, texts))))
    one = dict.fromkeys(word for text in texts for word in singulars(text, squeezed(text)))
    yield from found or ((2, aim) for _, aim in _called(sheet, h, one))  # Wells is Well where no other column is


def _called(sheet: SheetSpec, h: Heading, keys: Collection[str]) -> Iterator[tuple[int, Aim]]:
    """What a heading says on a sheet, by any of the squeezed words `keys` for it."""
    label = next((_labels(sheet.name)[k] for k in keys if k in _labels(sheet.name)), "")
    called = next((c for k in keys for c in synonyms().get(k, ()) if c.sheet == sheet.name), None)
    ours = called is not None and label.startswith(OWN) and not called.column.startswith(OWN)
    if label:
        yield 3 if ours else 0, Aim(h.number, h.text, label, Confidence.READ, "called so here", h.unit)
    if called and (ours or not label):
        said = f"called so in {called.standard}" if called.standard else "a usual name for it"
        yield 1 + (called.last or ours), Aim(h.number, h.text, called.column, Confidence.READ, said, h.unit)


def aim_of(sheet: SheetSpec, heading: Heading) -> Aim | None:
    """What one heading alone says on a sheet, where that is known and its unit has a place."""
    found = sorted(_heading(sheet, heading), key=lambda f: f[0])
    aim = next((_with_unit(sheet, aim) for _, aim in found), None)
    return aim if aim and aim.to else None


def _with_unit(sheet: SheetSpec, aim: Aim) -> Aim:
    """An aim whose unit has a place; one without aim where a number would lose its unit or mean another one."""
    if not aim.unit:
        return aim
    if aim.to in _UNITS:
        return replace(aim, unit_to=_UNITS[aim.to])
    if aim.to.startswith(OWN):
        return aim
    unit = next((u for u, numbers in measures(sheet).items() if aim.to in numbers), "")
    column = sheet.by_name.get(aim.to)
    if unit:
        return replace(aim, unit_to=unit)
    fits_it = column is not None and (
        column.kind is Kind.RANGE or (column.kind is Kind.INTEGER and aim.unit in _COUNTS) or aim.unit == "x"
    )
    return aim if fits_it else replace(aim, to="")


def _by_content(
    sheet: SheetSpec, block: Block, samples: Mapping[int, Sequence[Raw]], aims: dict[int, Aim]
) -> dict[int, Aim]:
    """The aims, and those of columns whose cells have a form that only one column of the sheet asks for."""
    out = dict(aims)
    for h in block.headings:
        if h.number in out or h.unit or not samples[h.number]:
            continue
        for to, reason in _forms(sheet, samples[h.number]):
            if to not in {a.to for a in out.values()}:
                out[h.number] = Aim(h.number, h.text, to, Confidence.DERIVED, reason)
                break
    well = next((a for a in out.values() if a.to == _WELL and sheet.own), None)
    if well and not wells.share(samples[well.number]) and not wells.numbered(samples[well.number]):
        del out[well.number]  # Position may be anything
    return out


def _forms(sheet: SheetSpec, values: Sequence[Raw]) -> Iterator[tuple[str, str]]:
    """Columns of a sheet that values belong into by their form alone."""
    texts = [clean(v) for v in values if isinstance(v, str)]
    if len(texts) < len(values) * _MOST:
        return
    if sheet.own and wells.certain(texts, _MOST):
        yield _WELL, "wells stand in it"
    if sheet.own and sum(t.casefold().endswith(listed("images")) for t in texts) >= _MOST * len(texts):
        yield _PATH, "names of image files stand in it"
    for column in sheet.columns:
        form = column.format
        if form and (form.called or form.identifier) and not form.path and _mostly(texts[:40], column, form):
            yield column.name, f"{form.called or form.words} stands in it"


def _mostly(texts: Sequence[str], column: Column, form: Format) -> bool:
    """Have most texts the form of a column? After as many others as may be, no more are looked at."""
    others = 0
    for text in texts:
        value = convert(text, column)[0]
        others += not (isinstance(value, str) and fits(value, form))
        if len(texts) - others < _MOST * len(texts):
            return False
    return True


def _score(sheet: SheetSpec, block: Block, aims: Mapping[int, Aim]) -> int:
    """How well a table fits a sheet; 0 where it does not tell its rows apart, or fits by one column alone."""
    to = {a.to for a in aims.values()}
    named = squeezed(block.sheet.title) in (squeezed(sheet.title), squeezed(sheet.name))
    if sheet.own:
        told = _PATH in to or _WELL in to or {WELL_ROW, WELL_COLUMN} <= to
        return len(to) + 3 + 3 * named if told else 0
    if not identity(sheet) or identity(sheet)[0] not in to or len(to) < 2:
        return 0
    return len(to) + 3 * named + (len(to) == len(block.headings))


def _lookup(block: Block, file: str) -> TableMap:
    """A table about something that an own column of Files names, such as compounds; its first unique column tells."""
    files = next(s for s in load().sheets if s.own)
    aims = _by_headings(files, block.headings)
    for number, aim in sorted(aims.items()):
        values = [v for v in block.values(number) if v is not None]
        if aim.to.startswith(OWN) and len(values) > 1 and len(set(map(str, values))) == len(values):
            return TableMap(file, block.sheet.title, block.head, files.name, tuple(aims.values()), aim.to)
    return TableMap(file, block.sheet.title, block.head, "", ())


def _free(name: str, taken: Collection[str]) -> str:
    """The name of an own column, with a number where a heading stands more than once."""
    number, tried = 1, name
    while tried in taken:
        number += 1
        tried = f"{name} {number}"
    return tried


def _rest(found: TableMap, block: Block) -> TableMap:
    """The other columns: near misses as guesses, own columns of Files, and those that go nowhere."""
    sheet = load().by_name.get(found.about)
    aims = {a.number: a for a in found.aims}
    taken = {a.to for a in aims.values()}
    for h in block.headings:
        if h.number in aims:
            continue
        near: tuple[str, ...] = ()
        if sheet is not None and not h.unit and len(h.name) > 4:
            near = vocabularies.near(h.name, [c.label for c in sheet.columns if not c.own and c.name not in taken], 1)
        if near and sheet is not None:
            to = next(c.name for c in sheet.columns if c.label == near[0])
            aims[h.number] = Aim(h.number, h.text, to, Confidence.GUESS, f"perhaps {near[0]}", h.unit)
        elif sheet is not None and sheet.own:
            to = _free(OWN + " ".join(h.text.split()), taken)
            aims[h.number] = Aim(h.number, h.text, to, Confidence.READ, "a column of your own", h.unit)
        else:
            aims[h.number] = Aim(h.number, h.text, "", Confidence.READ, "no column is known for it", h.unit)
        taken.add(aims[h.number].to)
    return replace(found, aims=tuple(aims[n] for n in sorted(aims)))
