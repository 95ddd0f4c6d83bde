"""Rules of BioImage Archive about paths: of Files, of folders and patterns, and of result files."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rembi_sheets.archives.bioimage_archive.check import paths
from rembi_sheets.archives.bioimage_archive.document import ONLY
from rembi_sheets.archives.bioimage_archive.facts import file_lists, folders, list_columns
from rembi_sheets.archives.bioimage_archive.facts.associations import Scope
from rembi_sheets.attached import attached, homes
from rembi_sheets.cells import Place
from rembi_sheets.findings import Finding, find
from rembi_sheets.inventory import Listing, covering
from rembi_sheets.records import AnalysedData, ImageData
from rembi_sheets.submission import Submission
from rembi_sheets.tables import OWN

_TERABYTES = f"{paths.LARGEST // 10**12} TB"


def check(scope: Scope) -> Iterator[Finding]:
    """Findings of Files, and of paths on other sheets."""
    yield from _rows(scope)
    yield from _patterns(scope)
    yield from _results(scope)
    yield from _attached(scope)
    yield from _own_headings(scope.submission)
    yield from _large_on_disk(scope.submission)


def _rows(scope: Scope) -> Iterator[Finding]:
    """Paths the backend refuses, sources that are no listed image, cells that a list cannot hold as they are."""
    sub = scope.submission
    which = file_lists.Which(scope, file_lists.plans(scope))
    wrong: dict[str, list[int]] = {}
    example: dict[str, str] = {}
    sources: dict[str, list[int]] = {}
    without: dict[str, list[int]] = {}
    broken: dict[str, list[int]] = {}
    large: dict[int, str] = {}
    texts = ["dataset", "image_name", "plate", *(OWN + h for h in sub.own_columns)]
    for whole in sub.tables["files"].parts():
        part = whole.of_rows(which.numbers(whole) >= 0)
        given = part.values("path")
        taken = paths.all_taken([p for p in given if isinstance(p, str)])
        for row, path in zip(part.rows, given, strict=True) if not taken else ():
            if isinstance(path, str) and not paths.is_taken(path):
                offence = paths.offence(path)
                wrong.setdefault(offence, []).append(row)
                example.setdefault(offence, path)
        if any(isinstance(n, int) and n > paths.LARGEST for n in part.distinct("size_bytes")):
            sizes = zip(part.rows, given, part.values("size_bytes"), strict=True)
            large |= {row: str(p) for row, p, n in sizes if isinstance(n, int) and n > paths.LARGEST}
        if part.filled("annotation_set"):
            sets = zip(part.rows, part.values("annotation_set"), part.values("source_image"), strict=True)
            for row, annotation, source in sets:
                if annotation is not None and isinstance(source, str):
                    sources.setdefault(source, []).append(row)
                elif annotation is not None and source is None:
                    without.setdefault(str(annotation), []).append(row)
        for name in texts:
            if name not in part.names:
                continue
            distinct = [v for v in part.distinct(name) if isinstance(v, str)]
            if list_columns.breaks_a_list("".join(distinct)):
                bad = {v for v in distinct if list_columns.breaks_a_list(v)}
                broken.setdefault(name, []).extend(part.rows_with(name, bad))
    for offence, rows in wrong.items():
        yield find(
            "BIA-PATH",
            _places(sub, rows, "path"),
            value=example[offence],
            wrong=offence,
            allowed=paths.ALLOWED,
            n=len(rows),
            archives=ONLY,
        )
    yield from _sources(scope, sources)
    for annotation, rows in without.items():
        at = _places(sub, rows, "source_image")
        yield find("BIA-SOURCE-EMPTY", at, value=annotation, n=len(rows), archives=ONLY)
    for row, path in large.items():
        yield find("BIA-FILE-LARGE", sub.file_place(row, "size_bytes"), value=path, limit=_TERABYTES, archives=ONLY)
    for name, rows in broken.items():
        if rows:
            yield find("BIA-LIST-CELL", _places(sub, rows, name), n=len(rows), archives=ONLY)


def _places(sub: Submission, rows: list[int], name: str) -> list[Place]:
    return [sub.file_place(row, name) for row in rows]


def _sources(scope: Scope, sources: dict[str, list[int]]) -> Iterator[Finding]:
    """A source image must be a path that a component's list holds, exactly so."""
    if not sources:
        return
    sub = scope.submission
    left = dict(sources)
    for part in sub.file_parts():
        for path, image in zip(part.values("path"), part.values("image_data"), strict=True):
            if image is not None and path in left:
                del left[path]
    for image in _by_pattern(scope):
        match = covering(image.path_pattern)
        for path in [p for p in left if match(p)]:
            if sub.inventory is None or path in sub.inventory:
                del left[path]
    for path, rows in left.items():
        yield find("BIA-SOURCE-UNKNOWN", _places(sub, rows, "source_image"), value=path, archives=ONLY)


def _by_pattern(scope: Scope) -> list[ImageData]:
    """Image data whose files are known by a folder or pattern only."""
    return [d for d in folders.by_pattern(scope.submission) if d in scope.images]


def _patterns(scope: Scope) -> Iterator[Finding]:
    sub = scope.submission
    before: list[tuple[ImageData, Callable[[str], bool]]] = []
    for image in _by_pattern(scope):
        place, pattern = sub.place(image, "path_pattern"), image.path_pattern
        match = covering(pattern)
        for other, matches in before:
            if matches(pattern.rstrip("/")) or match(other.path_pattern.rstrip("/")):
                yield find("BIA-FOLDER-SHARED", place, value=pattern, image=other.name, archives=ONLY)
        before.append((image, match))
        plain = pattern.rstrip("/")
        if not paths.is_taken(plain):
            wrong = paths.offence(plain)
            yield find("BIA-PATH", place, value=pattern, wrong=wrong, allowed=paths.ALLOWED, n=1, archives=ONLY)
        elif sub.inventory is None and "*" in pattern:
            yield find("BIA-PATTERN-UNKNOWN", place, value=pattern, image=image.name, archives=ONLY)
        elif sub.inventory is None:
            yield from _folder(sub, image, match)
        else:
            yield from _on_disk(sub, image)


def _folder(sub: Submission, image: ImageData, match: Callable[[str], bool]) -> Iterator[Finding]:
    """A folder that is listed as a whole: no file in it may be listed as well."""
    place = sub.place(image, "path_pattern")
    for part in sub.file_parts():
        listed = zip(part.rows, part.values("path"), strict=True)
        inside = [(row, p) for row, p in listed if isinstance(p, str) and match(p)]
        if inside:
            places = [sub.file_place(row, "path") for row, _ in inside]
            yield find("BIA-FOLDER-AND-FILE", places, value=inside[0][1], folder=image.path_pattern, archives=ONLY)
            return
    yield find("BIA-FOLDER-WHOLE", place, value=image.path_pattern, image=image.name, archives=ONLY)


def _on_disk(sub: Submission, image: ImageData) -> Iterator[Finding]:
    place = sub.place(image, "path_pattern")
    refused = [p for p in folders.expanded(sub, image) if not paths.is_taken(p)]
    for wrong in sorted({paths.offence(p) for p in refused}):
        those = [p for p in refused if paths.offence(p) == wrong]
        n = len(those)
        yield find("BIA-PATH", place, value=those[0], wrong=wrong, allowed=paths.ALLOWED, n=n, archives=ONLY)


def _results(scope: Scope) -> Iterator[Finding]:
    sub = scope.submission
    for analysis in scope.analyses:
        source = analysis.source
        for path in source.result_files if isinstance(source, AnalysedData) else ():
            place = sub.place(source, "result_files")
            if "*" in path and sub.inventory is None:
                yield find("BIA-RESULTS-UNKNOWN", place, value=path, archives=ONLY)
            elif not paths.is_taken(path.rstrip("/")):
                wrong = paths.offence(path.rstrip("/"))
                yield find("BIA-PATH", place, value=path, wrong=wrong, allowed=paths.ALLOWED, n=1, archives=ONLY)


def _attached(scope: Scope) -> Iterator[Finding]:
    """Files that texts name."""
    sub, named = scope.submission, homes(scope.submission, scope.components)
    for file in attached(sub):
        if file.path in named and not paths.is_taken(file.path):
            place, wrong = sub.place(file.record, file.field), paths.offence(file.path)
            yield find("BIA-PATH", place, value=file.path, wrong=wrong, allowed=paths.ALLOWED, n=1, archives=ONLY)


def _own_headings(sub: Submission) -> Iterator[Finding]:
    for own, heading in list_columns.headings_of_own(sub).items():
        if own != heading:
            table = sub.tables["files"]
            place = Place(table.title, table.heading_row, table.columns[OWN + own], own)
            yield find("BIA-HEADING", place, value=own, written=heading, archives=ONLY)


def _large_on_disk(sub: Submission) -> Iterator[Finding]:
    wholes = Listing.of(sub.inventory or {}).wholes
    for path, size in (sub.inventory or {}).items():
        if size > paths.LARGEST and path not in wholes:
            yield find("BIA-FILE-LARGE", sub.title("files"), value=path, limit=_TERABYTES, archives=ONLY)
