"""The ontologies of cellxgene-ontology-guide: one JSON object a file, `{identifier: term}`, packed with zstandard.

A term holds `label`, `synonyms`, `deprecated`, `replaced_by`, and `ancestors` with their distance, of which those at
distance 1 are its parents. The taxonomy of NCBI unpacks to 844 MB, nine tenths of it the ancestors farther off: these
are cut out of the bytes before they are read as JSON. As many whole terms as there are at hand are then read at once.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import IO, Any

from rembi_sheets.vocabularies.formats import Event, Problem, Term
from rembi_sheets.vocabularies.identifiers import all_curies, normalise_id

MAGIC = b"\x28\xb5\x2f\xfd"
_CHUNK = 1 << 18
_LONGEST = 1 << 22  # characters one term may take
_ANCESTORS, _NEXT, _COMMA, _TERM_END = b'"ancestors":{', b'":1,', ord(","), '},"'
_KEY = re.compile(r'[\s,{]*"((?:[^"\\]|\\.)*)"\s*:\s*')
_END = re.compile(r"\s*}\s*$")


def unpacked(file: IO[bytes]) -> Iterator[bytes] | Problem:
    """The file without its packing; a Problem where what unpacks it is not installed."""
    try:
        import zstandard
    except ImportError:
        return Problem('the file is packed with zstandard; install "rembi-sheets[terms]", which unpacks it', fatal=True)
    reader = zstandard.ZstdDecompressor().stream_reader(file)
    return iter(lambda: reader.read(_CHUNK), b"")


def read(chunks: Iterable[bytes]) -> Iterator[Event]:
    """The terms of one file; such as have no label are passed over."""
    decode = codecs.getincrementaldecoder("utf-8")()
    left, terms = "", 0
    try:
        for chunk in _shortened(chunks):
            text = left + decode.decode(chunk)
            found, place = _whole(text, first=not terms)
            terms += len(found)
            yield from _terms(found)
            left = text[place:]
            if len(left) > _LONGEST:
                yield Problem(f"what follows the first {terms} terms is no term", fatal=True)
                return
    except UnicodeDecodeError as error:
        yield Problem(f"byte {error.object[error.start]:#04x} is not UTF-8", fatal=True)
        return
    except Exception as error:  # zstandard has one class of its own, which is known only where it is installed
        if type(error).__module__.partition(".")[0] != "zstandard":
            raise
        yield Problem(f"the file cannot be unpacked: {error}", fatal=True)
        return
    if not terms or not _END.match(left):
        yield Problem(f"the file breaks off after {terms} terms", fatal=True)


def _whole(text: str, first: bool) -> tuple[Collection[tuple[str, Any]], int]:
    """The terms that stand whole in `text`, each with its key, and where they end.

    All at once where every sign of an end is one, and no identifier comes twice, which JSON would hide; else one by
    one.
    """
    end = text.rfind(_TERM_END) + 1
    begin = 0 if first else text.find('"')
    if 0 <= begin < end:
        try:
            found = json.loads(("" if first else "{") + text[begin:end] + "}")
        except json.JSONDecodeError:
            found = {}
        if len(found) == text.count(_TERM_END, begin, end + 2):
            return found.items(), end
    return _one_by_one(text)


def _one_by_one(text: str) -> tuple[list[tuple[str, Any]], int]:
    scan, place, found = json.JSONDecoder().raw_decode, 0, []
    while key := _KEY.match(text, place):
        try:
            value, place = scan(text, key.end())
        except json.JSONDecodeError:
            break  # its end is not read yet, or it is broken: the end of the file will tell
        found.append((key[1], value))
    return found, place


def _shortened(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks with a list of its parents for the ancestors of a term, where they are written without spaces."""
    left = b""
    for chunk in chunks:
        data = left + chunk if left else chunk
        find, kept, place = data.find, list[bytes](), 0
        while (start := find(_ANCESTORS, place)) >= 0:
            inner = start + len(_ANCESTORS)
            end = find(b"}", inner)
            if end < 0:
                break
            parents = _first(data, inner, end)
            if parents is None:
                parents = _nearest(data[inner:end])
            if parents is not None:
                kept += data[place : inner - 1], b"[", parents, b"]"
                place = end + 1
            else:
                kept.append(data[place:end])
                place = end
        # what may be the begin of ancestors waits for the next chunk
        cut = start if start >= 0 else max(place, len(data) - len(_ANCESTORS))
        if len(data) - cut > _LONGEST:
            cut = len(data)
        kept.append(data[place:cut])
        left = data[cut:]
        yield b"".join(kept)
    yield left


def _first(data: bytes, start: int, end: int) -> bytes | None:
    """`"A"` of `"A":1,"B":2` between two places, as nearly all terms have it; None if there may be more to it."""
    at = data.find(_NEXT, start, end)
    last = data.rfind(b'"', start, end)
    alone = at >= 0 and data.find(b'"', start + 1, end) == at and data.find(_NEXT, at + 1, end) < 0
    # an opening quote stands behind a comma, and a distance behind a closing one
    if alone and data[last - 1] != _COMMA and data[last + 1 : last + 2] == b":" and data[last + 2 : end].isdigit():
        return None if data[last + 2 : end] == b"1" or b"\\" in data[start:end] else data[start : at + 1]
    return None


def _nearest(ancestors: bytes) -> bytes | None:
    """Of `"A":1,"B":2,"C":1` the two at distance 1, `"A","C"`; None if a sign in a string may be mistaken."""
    if b"\\" in ancestors or ancestors.count(b'"') % 2 or len(ancestors.split()) > 1:
        return None
    parts = (ancestors + b",").split(_NEXT)[:-1]
    if not all(part.count(b'"') % 2 for part in parts):
        return None
    return b",".join([part[part.rfind(b'"') :] + b'"' for part in parts])


def _terms(found: Collection[tuple[str, Any]]) -> Iterator[Term]:
    """The terms among JSON objects with their keys; identifiers are brought into our form where they are not in it."""
    whole = [(key, value) for key, value in found if isinstance(value, dict) and value.get("label")]
    above = chain.from_iterable([value.get("ancestors") or () for _, value in whole])
    written = dict.fromkeys(chain((key for key, _ in whole), above))
    curie = next((way for way in (str, _with_colon) if all_curies(map(way, written))), _curie)
    for key, value in whole:
        get, label = value.get, value["label"]
        parents, names, replaced_by = get("ancestors"), get("synonyms"), get("replaced_by")
        if isinstance(parents, dict):
            parents = [one for one, distance in parents.items() if distance == 1]
        yield Term(
            curie(key),
            label,
            tuple(dict.fromkeys([name for name in names if name != label])) if names else (),
            tuple(map(curie, parents)) if parents else (),
            bool(get("deprecated")),
            _curie(replaced_by) if replaced_by else "",
        )


def _with_colon(written: str) -> str:
    return written.replace("_", ":", 1)


def _curie(written: str) -> str:
    return normalise_id(written) or written
