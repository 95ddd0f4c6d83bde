"""The ontologies of cellxgene-ontology-guide: one JSON object a file, `{identifier: term}`, packed with zstandard.

A term holds `label`, `synonyms`, `deprecated`, `replaced_by`, and `ancestors` with their distance, of which those at
distance 1 are its parents. The taxonomy of NCBI unpacks to 844 MB, nine tenths of it the ancestors farther off. So a
terms that stand as the package writes them, without blanks between their parts and without escaped signs, are parted by
one pattern that passes over what is not asked for; what stands between these is read as JSON.
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
# a term as the package writes it: its key; its first ancestor, if that is a parent, and the others; then its label, its
# synonyms with the quotes, whether it is given up, and for what
_PLAIN = re.compile(
    r'[,{]"([^"]+)":{"ancestors":{(?:"([^"]+)":1(?=[,}]))?([^}]*)}(?:,"cross_ontology_terms":{[^}]*})?'
    r',"label":"([^"]+)"(?:,"description":"[^"]*")?(?:,"synonyms":\[("[^\]]+")\])?'
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
    pieces, escaped = _PLAIN.split(text), "\\" in text
    found, without = list[Term](), 0
    step = _PLAIN.groups + 1
    columns = (pieces[n::step] for n in range(step))
    for between, key, parent, others, label, written, given_up, replaced_by in zip(*columns, strict=False):
        if between:
            terms, number, end = _by_json(between)
            if end < len(between):
                return _by_json(text)
            found += terms
            without += number - len(terms)
        parents = (parent,) if parent else ()
        # where no other ancestor is at distance 1, none is looked for
        if '":1,' in others or others.endswith('":1'):
            parents += tuple(one for one, distance in _ANCESTOR.findall(others) if distance == "1")
        if escaped and "\\" in f"{key}{others}{label}{written}":
            return _by_json(text)
        if not (written or given_up or replaced_by):
            found.append(Term(key, label, (), parents))
            continue
        synonyms = written[1:-1].split('","') if written else []
        if synonyms and written.count('"') != 2 * len(synonyms):
            return _by_json(text)
        instead = _curie(replaced_by) if replaced_by else ""
        found.append(Term(key, label, _others(synonyms, label), parents, given_up is not None, instead))
    terms, number, end = _by_json(pieces[-1])
    return found + terms, len(found) + without + number, len(text) - len(pieces[-1]) + end


def _by_json(text: str) -> tuple[list[Term], int, int]:
    """`_whole` of terms in any form that is JSON."""
    scan, place, number, found = json.JSONDecoder().raw_decode, 0, 0, list[Term]()
    while key := _KEY.match(text, place):
        try:
            value, place = scan(text, key.end())
        except json.JSONDecodeError:
            break  # its end is not read yet, or it is broken: the end of the file will tell
        number += 1
        term = _decoded(key[1], value)
        if term:
            found.append(term)
    return found, number, place


def _decoded(key: str, value: Any) -> Term | None:
    """A term as JSON gives it; None where it has no label."""
    if not isinstance(value, dict) or not value.get("label"):
        return None
    label, replaced_by = _encodable(value["label"]), value.get("replaced_by")
    names = _others(list(map(_encodable, value.get("synonyms") or ())), label)
    parents = tuple(one for one, distance in (value.get("ancestors") or {}).items() if distance == 1)
    return Term(key, label, names, parents, bool(value.get("deprecated")), _curie(replaced_by) if replaced_by else "")


def _encodable(text: str) -> str:
    """The text without halves of signs, which JSON can hold and no file can."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


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
