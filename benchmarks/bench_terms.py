"""How fast terms are found, and vocabularies read: `python benchmarks/bench_terms.py [--large]`.

Prints one line a measurement: what, result (in processor time), aim. `--large` adds a taxonomy of 2.5 million taxa,
and the ontologies of `terms install` where their package is there (some minutes).
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from rembi_sheets import vocabularies
from rembi_sheets.vocabularies import adding, cache, installed, likeness, store, words

MISSPELT = ("hipocampus", "confical microscopy", "Mus musclus", "light sheet fluoresence", "apoptotic cels")
Row = tuple[str, str, str]
T = TypeVar("T")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--large", action="store_true", help="also a taxonomy of 2.5 million taxa")
    for what, result, aim in measure(parser.parse_args().large):
        print(f"{what:55} {result:>16}   {aim}")


def measure(large: bool = False) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["REMBI_SHEETS_CACHE"] = folder
        yield from lookups()
        yield from suggestions()
        yield start_up()
        yield loading("OBO of 10 MB (40,000 terms) into the cache", obo(Path(folder) / "big.obo"), "about a second")
        if large:
            taxa = names_dmp(Path(folder) / "names.dmp", 2_500_000)
            yield loading("names.dmp of 2.5 million taxa into the cache", taxa, "memory bounded")
            yield from cached()
            os.environ["REMBI_SHEETS_CACHE"] = str(Path(folder) / "whole")
            yield from whole()


def lookups() -> Iterator[Row]:
    """Exact labels and other spellings of the largest lists, one after another."""
    names = ("biological_entity", "organism", "phenotype", "imaging_method")
    exact = [(e.label, name) for name in names for e in vocabularies.entries(name)]
    other = [(s.upper(), name) for name in names for e in vocabularies.entries(name) for s in e.synonyms]
    for what, pairs, aim in (("exact label", exact, "at least 200,000/s"), ("synonym in other case", other, "")):
        rate = per_second(lambda pair: vocabularies.resolve(*pair), pairs, 200_000)
        yield f"look-up, {what}", f"{rate:,.0f}/s", aim


def suggestions() -> Iterator[Row]:
    """Suggestions over the names of all bundled lists at once."""
    listed = [
        (s, e.label) for n in vocabularies.names() for e in vocabularies.entries(n) for s in (e.label, *e.synonyms)
    ]
    pool = likeness.pool(listed)
    rate = per_second(lambda text: likeness.best(text, pool, 3), MISSPELT, 1000)
    yield f"suggestion among {len(listed):,} names", f"{1000 / rate:.2f} ms", "at most 5 ms"


def start_up() -> Row:
    """Time of the import, as a ratio to an import of dataclasses and enum, which it stands on."""

    def seconds(program: str) -> float:
        def once() -> float:
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], check=True)
            return time.perf_counter() - start

        return min(once() for _ in range(5))

    ratio = seconds("import rembi_sheets.vocabularies") / seconds("import dataclasses, enum, pathlib, typing")
    return "import of the room : import of what it stands on", f"{ratio:.2f}", ""


def loading(what: str, file: Path, aim: str) -> Row:
    """Seconds and peak memory of adding one file, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=load, args=(file, theirs))
    process.start()
    seconds, megabytes = ours.recv()
    process.join()
    return what, f"{seconds:.1f} s, {megabytes:.0f} MB", aim


def load(file: Path, answer: Connection) -> None:
    start = time.process_time()
    assert adding.add(file).vocabulary is not None
    answer.send((time.process_time() - start, peak()))


def load_installed(names: tuple[str, ...], answer: Connection) -> None:
    start = time.process_time()
    terms = 0
    for ontology in installed.ontologies():
        if ontology.vocabulary in names:
            added = installed.install(ontology)
            assert added.vocabulary is not None
            terms += added.vocabulary.terms
    answer.send((time.process_time() - start, peak(), terms))


def peak() -> float:
    """The most memory this program has held, in MB: of its own, not of the one that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def whole() -> Iterator[Row]:
    """All ontologies that columns take terms from, where the package with them is installed."""
    names = tuple(o.vocabulary for o in installed.ontologies() if o.file and o.lists)
    if not names:
        return
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=load_installed, args=(names, theirs))
    process.start()
    seconds, megabytes, terms = ours.recv()
    process.join()
    rate = f"{terms / seconds:,.0f}/s, {megabytes:.0f} MB"
    yield f"terms install ({terms:,} terms)", rate, "50,000/s, within 200 MB"
    with contextlib.closing(store.opened(cache.folder() / "ncbitaxon.sqlite")) as taxa:
        labels = [entry.label for entry in store.all_entries(taxa, 1 << 30)]
    texts = labels[::60]
    with contextlib.closing(sqlite3.connect(Path(os.environ["REMBI_SHEETS_CACHE"]) / "bare.sqlite")) as base:
        base.execute("CREATE TABLE term (number INTEGER PRIMARY KEY, label, word)")
        base.executemany("INSERT INTO term (label, word) VALUES (?, ?)", ((one, words.squeeze(one)) for one in labels))
        base.execute("CREATE INDEX term_word ON term (word)")
        base.commit()
        yield from compared(base, texts)
    for what, ask in (
        ("many at once", lambda: vocabularies.resolve_all(texts, "organism")),
        ("one by one", lambda: [vocabularies.resolve(text, "organism") for text in texts]),
    ):
        cache.forget()
        rate = f"{len(texts) / seconds_of(ask):,.0f}/s"
        yield f"first look-up of {len(texts):,} taxa, {what}", rate, "at least 50,000/s"
    misspelt = [text[:4] + text[5:] for text in texts[::100]]
    rate = f"{1000 / per_second(lambda text: vocabularies.suggest(text, 'organism'), misspelt, 100):.0f} ms"
    yield "suggestion among all of them", rate, "at most 30 ms"


def compared(base: sqlite3.Connection, texts: list[str]) -> Iterator[Row]:
    """What the same look-ups cost bare: a question to SQLite for each squeezed word, and a dictionary of them."""
    squeezed = [words.squeeze(text) for text in texts]
    question = "SELECT number, label FROM term WHERE word = ?"
    seconds = seconds_of(lambda: [base.execute(question, (word,)).fetchall() for word in squeezed])
    yield "the same words asked of SQLite, bare", f"{len(texts) / seconds:,.0f}/s", ""
    held = dict(zip(squeezed, texts, strict=True))
    seconds = seconds_of(lambda: [held[words.squeeze(text)] for text in texts])
    yield "the same words in a dictionary of Python", f"{len(texts) / seconds:,.0f}/s", ""


def cached() -> Iterator[Row]:
    """Questions to the large taxonomy."""
    texts = [f"Genus{n % 5000} species{n}" for n in range(0, 2_500_000, 250)]
    rate = len(texts) / seconds_of(lambda: vocabularies.resolve_all(texts, "organism"))
    yield "look-up in 2.5 million taxa, many at once", f"{rate:,.0f}/s", ""
    cache.forget()
    rate = len(texts) / seconds_of(lambda: [vocabularies.resolve(text, "organism") for text in texts])
    yield "look-up in 2.5 million taxa, one by one", f"{rate:,.0f}/s", ""
    rate = per_second(lambda text: vocabularies.suggest(text, "organism"), [t + "x" for t in texts], 20)
    yield "suggestion in 2.5 million taxa", f"{1000 / rate:.0f} ms", ""


def per_second(ask: Callable[[T], object], asked: Sequence[T], times: int) -> float:
    """Questions a second; the first round fills what is kept."""
    ask(asked[0])
    start = time.process_time()
    for number in range(times):
        ask(asked[number % len(asked)])
    return times / (time.process_time() - start)


def seconds_of(work: Callable[[], object]) -> float:
    """Processor time, which also tells something where other programs run."""
    start = time.process_time()
    work()
    return time.process_time() - start


def obo(path: Path) -> Path:
    """An OBO file of 10 MB: terms with a definition, a synonym and a parent each."""
    term = (
        "\n[Term]\nid: LAB:{0:07}\nname: process number {0} of the cell\n"
        'def: "{1}" [LAB:x]\nsynonym: "cellular process {0}" EXACT []\nis_a: LAB:{2:07} ! parent\n'
    )
    text = "A process that goes on in a cell and is told at some length. " * 2
    path.write_text("format-version: 1.2\n" + "".join(term.format(n, text, n // 3) for n in range(1, 40_001)))
    return path


def names_dmp(path: Path, taxa: int) -> Path:
    with path.open("w") as file:
        for n in range(taxa):
            name = f"Genus{n % 5000} species{n}"
            file.write(f"{n}\t|\t{name}\t|\t\t|\tscientific name\t|\n{n}\t|\t{name} L., 1758\t|\t\t|\tauthority\t|\n")
            if n % 3 == 0:
                file.write(f"{n}\t|\tOldgenus{n % 4000} species{n}\t|\t\t|\tsynonym\t|\n")
    return path


if __name__ == "__main__":
    main()
