"""The ontologies of cellxgene-ontology-guide: one JSON object a file, `{identifier: term}`, packed with zstandard.

A term holds `label`, `synonyms`, `deprecated`, `replaced_by`, and `ancestors` with their distance, of which those at
distance 1 are its parents. The taxonomy of NCBI unpacks to 844 MB, nine tenths of it the ancestors farther off: these
are cut out of the text before it is read as JSON, and one term after another is read and let go.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any

from rembi_sheets.vocabularies.formats import Event, Problem, Term
from rembi_sheets.vocabularies.identifiers import normalise_id

MAGIC = b"\x28\xb5\x2f\xfd"
_CHUNK = 1 << 18
_LONGEST = 1 << 22  # characters one term may take
_ANCESTORS, _NEXT = '"ancestors":{', '":1'
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
    scan = json.JSONDecoder().raw_decode
    left, terms = "", 0
    try:
        for chunk in chunks:
            text, place = _shortened(left + decode.decode(chunk)), 0
            while key := _KEY.match(text, place):
                try:
                    value, place = scan(text, key.end())
                except json.JSONDecodeError:
                    break  # its end is not read yet, or it is broken: the end of the file will tell
                terms += 1
                term = _term(key[1], value)
                if term:
                    yield term
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


def _shortened(text: str) -> str:
    """The JSON with no ancestors but those at distance 1, where it is written without spaces; else as it is."""
    kept, place = [], 0
    while (start := text.find(_ANCESTORS, place)) >= 0:
        start += len(_ANCESTORS)
        end = text.find("}", start)
        if end < 0:
            break
        kept += [text[place:start], _nearest(text[start:end])]
        place = end
    return "".join((*kept, text[place:]))


def _nearest(ancestors: str) -> str:
    """Of `"A":1,"B":2` what stands at distance 1; all of it if a sign in a string may be mistaken."""
    if "\\" in ancestors or ancestors.count('"') % 2 or len(ancestors.split()) != 1:
        return ancestors
    found = []
    for part in f"{ancestors},".split(f"{_NEXT},")[:-1]:
        if not part.count('"') % 2:
            return ancestors
        found.append(part[part.rfind('"') :] + _NEXT)
    return ",".join(found)


def _term(written: str, value: Any) -> Term | None:
    if not isinstance(value, dict) or not value.get("label"):
        return None
    label, names, above = value["label"], value.get("synonyms"), value.get("ancestors")
    return Term(
        _curie(written),
        label,
        tuple(dict.fromkeys([name for name in names if name != label])) if names else (),
        tuple([_curie(key) for key, distance in above.items() if distance == 1]) if above else (),
        bool(value.get("deprecated")),
        _curie(value.get("replaced_by") or ""),
    )


def _curie(written: str) -> str:
    return normalise_id(written) or written if written else ""
