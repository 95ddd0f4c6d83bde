"""OWL in RDF/XML, with expat: no tree is built, no external entity opened, no nested entity expanded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.parsers import expat

from rembi_sheets.vocabularies.formats import About, Event, Problem, Term
from rembi_sheets.vocabularies.identifiers import normalise_id

_OWL, _RDF = "http://www.w3.org/2002/07/owl#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS, _OBO = "http://www.w3.org/2000/01/rdf-schema#", "http://purl.obolibrary.org/obo/"
_IN_OWL, _SKOS = "http://www.geneontology.org/formats/oboInOwl#", "http://www.w3.org/2004/02/skos/core#"
_EFO = "http://www.ebi.ac.uk/efo/"
_ABOUT, _RESOURCE, _TYPE = _RDF + "about", _RDF + "resource", _RDF + "type"
_LANG = "http://www.w3.org/XML/1998/namespacelang"
_CLASS, _ONTOLOGY, _DESCRIPTION = _OWL + "Class", _OWL + "Ontology", _RDF + "Description"
_LABELS = {_RDFS + "label", _SKOS + "prefLabel"}
_SYNONYMS = {
    *(_IN_OWL + f"has{kind}Synonym" for kind in ("Exact", "Related", "Narrow", "Broad")),
    _IN_OWL + "hasSynonym",
    _OBO + "IAO_0000118",
    _EFO + "alternative_term",
    _SKOS + "altLabel",
}
_ROOT, _TERM, _PROPERTY = 1, 2, 3  # depth of <rdf:RDF>, of a term in it, of what is said of the term
_LONGEST_ENTITY = 512


class _RefusedError(Exception):
    """Something in the file that is never expanded."""


class _Reader:
    """The state between two calls of expat: the term that is open, and what is ready to go."""

    def __init__(self) -> None:
        self.ready: list[Event] = []
        self.depth = 0
        self.is_rdf: bool | None = None
        self.subject: str | None = None
        self.is_class = self.is_ontology = False
        self.property = ""
        self.language = ""
        self.text: list[str] = []
        self.clear()
        self.parser = expat.ParserCreate(namespace_separator="")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.EntityDeclHandler = self.entity
        self.parser.ExternalEntityRefHandler = self.external
        self.parser.buffer_text = True

    def clear(self) -> None:
        self.label, self.replaced_by, self.obsolete = "", "", False
        self.synonyms: list[str] = []
        self.parents: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == _ROOT:
            self.is_rdf = tag == _RDF + "RDF"
        elif self.depth == _TERM:
            self.is_class, self.is_ontology = tag == _CLASS, tag == _ONTOLOGY
            about = attributes.get(_ABOUT, "")
            self.subject = about if tag in (_CLASS, _DESCRIPTION, _ONTOLOGY) else None
            self.clear()
        elif self.depth == _PROPERTY and self.subject is not None:
            self.property, self.language, self.text = tag, attributes.get(_LANG, ""), []
            resource = attributes.get(_RESOURCE, "")
            if resource and tag == _RDFS + "subClassOf":
                self.parents.append(normalise_id(resource) or resource)
            elif tag == _TYPE:
                self.is_class = self.is_class or resource == _CLASS
            elif resource and tag == _OBO + "IAO_0100001":
                self.replaced_by = normalise_id(resource)
            elif resource and tag == _OWL + "versionIRI" and self.is_ontology:
                self.ready.append(About(_version(resource)))

    def characters(self, text: str) -> None:
        if self.depth == _PROPERTY and self.subject is not None:
            self.text.append(text)

    def end(self, tag: str) -> None:
        if self.depth == _PROPERTY and self.subject is not None:
            self.say(tag, " ".join("".join(self.text).split()))
        elif self.depth == _TERM and not self.is_ontology:
            self.close()
        self.depth -= 1

    def say(self, tag: str, text: str) -> None:
        if not text:
            return
        if tag in _LABELS:
            # other languages are names too, the English one is the label
            if self.label and self.language not in ("", "en"):
                self.synonyms.append(text)
            else:
                self.label = text
        elif tag in _SYNONYMS:
            self.synonyms.append(text)
        elif tag == _OWL + "deprecated":
            self.obsolete = text == "true"
        elif tag == _OBO + "IAO_0100001":
            self.replaced_by = normalise_id(text)

    def close(self) -> None:
        if not self.is_class or not self.label:
            return
        if self.subject:
            curie = normalise_id(self.subject) or self.subject
            synonyms = tuple(dict.fromkeys(s for s in self.synonyms if s != self.label))
            self.ready.append(Term(curie, self.label, synonyms, tuple(self.parents), self.obsolete, self.replaced_by))
        else:
            line = self.parser.CurrentLineNumber
            self.ready.append(Problem(f'the term "{self.label}" has no identifier', line))

    def entity(self, name: str, parameter: bool, value: str | None, base: str | None, system: str | None,
               public: str | None, notation: str | None) -> None:  # fmt: skip
        if parameter or value is None:
            raise _RefusedError(f'the entity "{name}" points outside the file')
        if "&" in value or "%" in value or len(value) > _LONGEST_ENTITY:
            raise _RefusedError(f'the entity "{name}" would be expanded again and again')

    def external(self, context: str, base: str | None, system: str | None, public: str | None) -> int:
        raise _RefusedError(f"{system or 'an external entity'} would be opened")


def read(chunks: Iterable[bytes]) -> Iterator[Event]:
    """The classes of an RDF/XML file; properties, individuals and axioms are passed over."""
    reader = _Reader()
    try:
        for chunk in chunks:
            reader.parser.Parse(chunk, False)
            if reader.is_rdf is False:
                yield Problem("this is XML but not OWL in RDF/XML; export the ontology as RDF/XML", 1, fatal=True)
                return
            yield from reader.ready
            reader.ready = []
        reader.parser.Parse(b"", True)
        yield from reader.ready
    except _RefusedError as refused:
        line = reader.parser.CurrentLineNumber
        yield Problem(f"{refused}; the file is not read", line, fatal=True)
    except expat.ExpatError as error:
        yield Problem(f"the XML is broken: {expat.errors.messages[error.code]}", error.lineno, fatal=True)


def _version(address: str) -> str:
    """The part of a version address that differs from release to release: a date where there is one."""
    parts = [part for part in address.split("/") if part[:2].isdigit() or part[1:3].isdigit()]
    return parts[-1] if parts else address
