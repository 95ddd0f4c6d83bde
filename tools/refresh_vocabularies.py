"""Bring the bundled vocabularies up to date: `make vocabularies`, or this script with files.

    python tools/refresh_vocabularies.py                      put files in normal form, derive what is derived
    python tools/refresh_vocabularies.py fbbi.obo names.dmp   and take labels, parents and new terms from releases
    python tools/refresh_vocabularies.py --guide              and from the installed cellxgene-ontology-guide
    python tools/refresh_vocabularies.py --check              change nothing; end with 1 if something would change

Nothing is fetched: download the releases that SOURCES.toml names, and give the files here.

What is taken over: the label of every term that a list holds (the label it had stays as a synonym, for people keep
writing it); for the ontologies that are bundled whole (fbbi, phenotype) also new terms, parents, branch, whether a
term is obsolete. Our own synonyms and our choice of terms stay. Derived: `fbbi_label` of imaging methods, NOTICE.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from rembi_sheets.vocabularies import bundled, installed
from rembi_sheets.vocabularies.formats import About, Problem, Term, read

ROOT = Path(__file__).resolve().parents[1]
DATA = bundled.HERE / "data"
SOURCES = bundled.HERE / "SOURCES.toml"
NOTICE = ROOT / "NOTICE"
Row = dict[str, str]
Lists = dict[str, list[Row]]

# lists that hold a whole ontology -> its prefix
WHOLE = {"fbbi": "FBbi", "phenotype": "CMPO"}
# lists whose labels are those of an ontology; imaging methods have labels of their own
LABELLED = (*WHOLE, "organism", "biological_entity", "unit", "disease")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, help="OBO, OWL (RDF/XML), TSV or names.dmp")
    parser.add_argument("--guide", action="store_true", help="use the installed package cellxgene-ontology-guide")
    parser.add_argument("--check", action="store_true", help="change nothing, end with 1 if something would change")
    chosen = parser.parse_args(arguments)

    lists = {name: list(bundled.read_rows(path.read_text("utf-8"))) for name, path in paths().items()}
    sources = SOURCES.read_text("utf-8")
    for path in chosen.files:
        terms, version = terms_of(path)
        held = update(lists, terms)
        print(f"{path.name}: {len(terms)} terms; lists: {', '.join(held) or 'none'}", file=sys.stderr)
        sources = dated(sources, held, version)
    if chosen.guide:
        update(lists, dict(guide()))
    derive(lists)
    return write(lists, sources, chosen.check)


def paths() -> dict[str, Path]:
    return {path.stem: path for path in sorted(DATA.glob("*.tsv"))}


def terms_of(path: Path) -> tuple[dict[str, Term], str]:
    """The terms of a file by identifier, and its version; ends the program with what is wrong with the file."""
    terms: dict[str, Term] = {}
    version = ""
    for event in read(path):
        if isinstance(event, Term):
            terms.setdefault(event.id, event)
        elif isinstance(event, About):
            version = event.version
        elif isinstance(event, Problem) and event.fatal:
            sys.exit(f"{path}: {event}")
    return terms, version


def guide() -> Iterator[tuple[str, Term]]:
    """The terms of biological entities and diseases as cellxgene-ontology-guide holds them."""
    held = {entry.id for name in ("biological_entity", "disease") for entry in bundled.entries(name)}
    for ontology in installed.ontologies():
        if ontology.file and {"biological_entity", "disease"}.intersection(ontology.lists):
            terms, _ = terms_of(ontology.file)
            yield from ((key, term) for key, term in terms.items() if key in held)


def update(lists: Lists, terms: dict[str, Term]) -> list[str]:
    """Take over what `terms` say; gives the names of the lists that hold some of them."""
    held = []
    for name in LABELLED:
        rows = lists[name]
        known, prefix = {row["id"] for row in rows}, WHOLE.get(name)
        fitting = [key for key in terms if key in known or (prefix and key.startswith(f"{prefix}:"))]
        if fitting:
            held.append(name)
        for row in rows:
            if row["id"] in terms:
                take(row, terms[row["id"]], name)
        rows += [fresh(rows[0], terms[key]) for key in fitting if key not in known]
        branches(rows)
    return held


def take(row: Row, term: Term, name: str) -> None:
    label = tidy(term.label)
    if label != row["label"]:
        print(f"{name}: {row['id']} {row['label']!r} is now {label!r}", file=sys.stderr)
        row["synonyms"] = joined([row["label"], *split(row["synonyms"])])
        row["label"] = label
    if name in WHOLE:
        row["synonyms"] = joined([*split(row["synonyms"]), *map(tidy, term.synonyms)])
        row["parent_ids"] = joined(p for p in term.parents if ":" in p) or row["parent_ids"]
        row["obsolete"] = "true" if term.obsolete else "false"
    elif term.obsolete:
        print(f"{name}: {row['id']} {row['label']!r} is obsolete; choose another term", file=sys.stderr)


def fresh(like: Row, term: Term) -> Row:
    print(f"new: {term.id} {term.label!r}", file=sys.stderr)
    row = dict.fromkeys(like, "") | {"id": term.id, "label": tidy(term.label)}
    row |= {"synonyms": joined(map(tidy, term.synonyms)), "parent_ids": joined(term.parents)}
    return row | {"obsolete": "true" if term.obsolete else "false"}


def branches(rows: list[Row]) -> None:
    """Give each term without branch that of its nearest ancestor that has one."""
    if "branch" not in rows[0]:
        return
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        waiting, seen = split(row["parent_ids"]), set[str]()
        while not row["branch"] and waiting:
            parent = waiting.pop(0)
            if parent in by_id and parent not in seen:
                seen.add(parent)
                row["branch"] = by_id[parent]["branch"]
                waiting += split(by_id[parent]["parent_ids"])


def derive(lists: Lists) -> None:
    """What follows from other lists: the labels of FBbi beside our imaging methods; order; synonyms told once."""
    labels = {row["id"]: row["label"] for row in lists["fbbi"]}
    for row in lists["imaging_method"]:
        if row["id"]:
            row["fbbi_label"] = labels[row["id"]]
    for name, rows in lists.items():
        order = bundled.source(name).order
        if order != "given":
            rows.sort(key=lambda row: by_alphabet(row["label"]) if order == "label" else row["id"])
        for row in rows:
            row["synonyms"] = joined(s for s in split(row["synonyms"]) if s != row["label"])


def by_alphabet(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def dated(sources: str, names: Iterable[str], version: str) -> str:
    """SOURCES.toml with the version of a release for the lists that took from it."""
    day = re.search(r"\d{4}-\d{2}(-\d{2})?", version)
    for name in names if day else ():
        start = sources.index(f"[{name}]\n")
        end = sources.find("\n[", start + 1) % (len(sources) + 1)
        table = re.sub(r'(?m)^version = ".*"$', f'version = "{day[0]}"', sources[start:end])
        table = re.sub(r'(?m)^date = ".*"$', f'date = "{day[0] if day[1] else day[0] + "-01"}"', table)
        sources = sources[:start] + table + sources[end:]
    return sources


def notice(sources: str) -> str:
    """The NOTICE: one paragraph for each credit of SOURCES.toml, with origin, version and licence."""
    tables = tomllib.loads(sources).values()
    credited = {(t["credit"], t["origin"], t["version"], t["licence"]) for t in tables if t["credit"]}
    head = (
        "rembi-sheets\nCopyright the rembi-sheets authors\n\n"
        "The package contains labels, identifiers and synonyms from the following vocabularies\n"
        "(rembi_sheets/vocabularies/data; made from SOURCES.toml by tools/refresh_vocabularies.py).\n"
        "They were selected, and synonyms of our own were added; see docs/terms.md.\n"
    )
    paragraph = "\n{}\n  Origin: {}\n  Version: {}\n  Licence: {}\n"
    bundled_ones = (paragraph.format(*facts) for facts in sorted(credited, key=lambda facts: facts[0].casefold()))
    return head + "".join(bundled_ones) + installable()


def installable() -> str:
    """The credits of ontologies that `terms install` takes from another package; none of them is in ours."""
    lines = [f"  {o.credit}: {o.licence}\n" for o in installed.ontologies()]
    return (
        "\nNot in the package, but shown with its credit where `rembi-sheets terms install` made it known, from\n"
        "cellxgene-ontology-guide (MIT, Chan Zuckerberg Initiative Foundation):\n" + "".join(lines)
    )


def write(lists: Lists, sources: str, check: bool) -> int:
    """Write what differs; with `check` only name it. Gives the exit status."""
    new = {DATA / f"{name}.tsv": table(rows) for name, rows in lists.items()} | {
        SOURCES: sources,
        NOTICE: notice(sources),
    }
    changed = [path for path, text in new.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in changed:
        print(f"{'would change' if check else 'changed'}: {path.relative_to(ROOT)}")
        if not check:
            path.write_text(new[path], encoding="utf-8", newline="\n")
    return 1 if check and changed else 0


def table(rows: list[Row]) -> str:
    lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
    return "\n".join(lines) + "\n"


def tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).replace("|", "/").split())


def split(text: str) -> list[str]:
    return text.split("|") if text else []


def joined(parts: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(part for part in parts if part))


if __name__ == "__main__":
    sys.exit(main())
