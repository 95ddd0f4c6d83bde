"""The ontologies of cellxgene-ontology-guide: one JSON object a file, `{identifier: term}`, packed with zstandard.

A term holds `label`, `synonyms`, `deprecated`, `replaced_by`, and `ancestors` with their distance, of which those at
distance 1 are its parents. The taxonomy of NCBI unpacks to 844 MB, nine tenths of it the ancestors farther off. So a
term that stands as the package writes it, without blanks between its parts and without escaped signs, is read by one
pattern that passes over what is not asked for; any other one is read as JSON.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any

from rembi_sheets.vocabularies.formats import Event, Problem, Term
from rembi_sheets.vocabularies.identifiers import all_curies, normalise_id

MAGIC = b"\x28\xb5\x2f\xfd"
_CHUNK = 1 << 18
_LONGEST = 1 << 22  # characters one term may take
_KEY = re.compile(r'[\s,{]*"((?:[^"\\]|\\.)*)"\s*:\s*')
_END = re.compile(r"\s*}\s*$")
# a term as the package writes it: its key and its first ancestor, if that is a parent; then, behind all ancestors, its
# label, its synonyms between the outer quotes, whether it is given up, and for what
_HEAD = re.compile(r'[,{]"([^"]+)":{"ancestors":{(?:"([^"]+)":1(?=[,}]))?')
_TAIL = re.compile(
    r'}(?:,"cross_ontology_terms":{[^}]*})?,"label":"([^"]+)"(?:,"description":"[^"]*")?(?:,"synonyms":\["([^\]]+)"\])?'
    r',"deprecated":(?:false|(true))(?:,"replaced_by":"([^"]+)")?}'
)
_ANCESTOR = re.compile(r'"([^"]*)":(\d+)')


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
        for chunk in chunks:
            text = left + decode.decode(chunk)
            found, number, place = _whole(text)
            terms += number
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


def _whole(text: str) -> tuple[list[Term], int, int]:
    """The terms with a label that stand whole in `text`, identifiers as written; how many stand there with those
    without; and where they end."""
    scan, place, number, found = json.JSONDecoder().raw_decode, 0, 0, list[Term]()
    while True:
        term, end = _plain(text, place)
        if not term:
            key = _KEY.match(text, place)
            if not key:
                break
            try:
                value, end = scan(text, key.end())
            except json.JSONDecodeError:
                break  # its end is not read yet, or it is broken: the end of the file will tell
            term = _decoded(key[1], value)
        place = end
        number += 1
        if term:
            found.append(term)
    return found, number, place


def _plain(text: str, place: int) -> tuple[Term | None, int]:
    """The term that stands at a place as the package writes it, and where it ends; None where it stands otherwise."""
    head = _HEAD.match(text, place)
    start = head.end() if head else -1
    end = text.find("}", start)
    tail = _TAIL.match(text, end) if head and end >= 0 else None
    if not head or not tail or text.find("\\", place, tail.end()) >= 0:
        return None, place
    key, parent = head.groups()
    label, written, given_up, replaced_by = tail.groups()
    parents: tuple[str, ...] = (parent,) if parent else ()
    # where no other ancestor is at distance 1, none is looked for
    if text.find('":1,', start, end) >= 0 or text.startswith('":1', max(start, end - 3)):
        parents += tuple(one for one, distance in _ANCESTOR.findall(text, start, end) if distance == "1")
    synonyms = written.split('","') if written else []
    if written and written.count('"') != 2 * len(synonyms) - 2:
        return None, place
    names = _others(synonyms, label) if synonyms else ()
    return Term(
        key, label, names, parents, given_up is not None, _curie(replaced_by) if replaced_by else ""
    ), tail.end()


def _decoded(key: str, value: Any) -> Term | None:
    """A term as JSON gives it; None where it has no label."""
    if not isinstance(value, dict) or not value.get("label"):
        return None
    label, replaced_by = value["label"], value.get("replaced_by")
    names = _others(value.get("synonyms") or [], label)
    parents = tuple(one for one, distance in (value.get("ancestors") or {}).items() if distance == 1)
    return Term(key, label, names, parents, bool(value.get("deprecated")), _curie(replaced_by) if replaced_by else "")


def _others(names: list[str], label: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([name for name in names if name != label]))


def _terms(found: list[Term]) -> Iterable[Term]:
    """Terms with their identifiers brought into our form, where they are not all in it."""
    written = {term[0] for term in found}.union(*[term[3] for term in found])
    if all_curies(written):
        return found
    curie = _with_colon if all_curies(map(_with_colon, written)) else _curie
    return [term._replace(id=curie(term.id), parents=tuple(map(curie, term.parents))) for term in found]


def _with_colon(written: str) -> str:
    return written.replace("_", ":", 1)


def _curie(written: str) -> str:
    return normalise_id(written) or written
