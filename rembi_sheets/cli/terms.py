"""rembi-sheets terms: look up terms, and add vocabularies of one's own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rembi_sheets.cli.options import Where, fail
from rembi_sheets.cli.progress import working

if TYPE_CHECKING:
    from rembi_sheets.vocabularies import Entry

_FIELD_HELP = "Look only in this list (see terms list)."


@click.group()
def terms() -> None:
    """Look up terms, and add vocabularies of your own.

    \b
    Examples:
      rembi-sheets terms search "spinning disk"
      rembi-sheets terms search hela --field biological_entity
      rembi-sheets terms show FBbi:00000246
      rembi-sheets terms add names.dmp --name ncbi
      rembi-sheets terms install
    """


def _fields(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The name of a list; an unknown one is answered with the nearest."""
    from rembi_sheets import vocabularies

    known = vocabularies.names()
    name = value.strip().casefold().replace(" ", "_").replace("-", "_") if value else None
    if name is None or name in known:
        return name
    near = vocabularies.nearest(name, known, 1)
    hint = f"Did you mean {near[0]}?" if near else "See rembi-sheets terms list."
    raise click.BadParameter(f"there is no list {value}. {hint}")


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from rembi_sheets import vocabularies

    return [name for name in vocabularies.names() if name.startswith(incomplete)]


@terms.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--field", callback=_fields, shell_complete=_complete, metavar="LIST", help=_FIELD_HELP)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Show at most so many.")
@click.option("--online", is_flag=True, help="Ask EBI's Ontology Lookup Service, too, when nothing here has this name.")
def search(text: tuple[str, ...], field: str | None, limit: int, online: bool) -> None:
    """Find terms by any words of a name, in any order, misspelt or not; best first.

    Prints one term a line: identifier, label, list, by which name it was found, and the columns of the workbook where
    it fits, with tabs between.

    \b
    Examples:
      rembi-sheets terms search zebrafish heart
      rembi-sheets terms search "lateral line" --field biological_entity
    """
    from itertools import islice

    from rembi_sheets.vocabularies.search import fits
    from rembi_sheets.vocabularies.search import search as find

    wanted = " ".join(text)
    found = list(islice(find(wanted, field), limit))
    if online and not any(hit.exact for hit in found):
        found = [*_asked(wanted, field), *found][:limit]
    rows = [(hit, hit.because + _fit(hit.entry), "; ".join(fits(hit))) for hit in found]
    _print([(hit.entry.id or "-", hit.entry.label, hit.vocabulary, because, where) for hit, because, where in rows])
    if not found:
        click.echo(f'Nothing is like "{wanted}". Add a vocabulary with: rembi-sheets terms add FILE', err=True)
        raise click.exceptions.Exit(1)


def _fit(entry: Entry) -> str:
    return ", broader term" if entry.extra.get("fit") == "broader" else ""


def _print(rows: list[tuple[str, ...]]) -> None:
    """Rows with tabs for a program, in columns for a person."""
    if not sys.stdout.isatty():
        rows = [("\t".join(row),) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _asked(text: str, field: str | None) -> Iterator[Any]:
    """What the service knows; its failures are told on stderr."""
    from rembi_sheets import vocabularies
    from rembi_sheets.vocabularies.online import Online
    from rembi_sheets.vocabularies.search import Hit

    conversation = Online()
    fields = (field,) if field else tuple(n for n in vocabularies.names() if vocabularies.source(n).prefixes)
    seen: set[str] = set()
    for name in fields:
        found = conversation.resolve(text, name)
        for entry in (found.entry,) if found.entry else found.alternatives:
            if entry.id not in seen:
                seen.add(entry.id)
                yield Hit(entry, "OLS", "online", True)
    for note in conversation.notes:
        click.echo(note, err=True)


@terms.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", default="", help="Heading of the column with the words.  [default: the first]")
@click.option("--field", callback=_fields, shell_complete=_complete, metavar="LIST", help=_FIELD_HELP)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the table here, not to stdout.")
def suggest(file: Path, column: str, field: str | None, output: Path | None) -> None:
    """Propose terms for a column of words in a CSV or TSV file, such as a facility's list of cell lines and dyes.

    Writes a table with tabs: accept (yes where there is no doubt), word, id, label, list, why, others. Put yes or no
    under accept; `rembi-sheets terms add` then takes the accepted words as names of their terms.

    \b
    Examples:
      rembi-sheets terms suggest facility.csv --column "Cell line" --output words.tsv
      rembi-sheets terms add words.tsv
    """
    from rembi_sheets.output import OutputError, write_file
    from rembi_sheets.vocabularies import wordlist

    try:
        words = wordlist.words(file.read_bytes(), column)
    except wordlist.WordsError as error:
        fail(f"{file}: {error}")
    table = wordlist.table(wordlist.proposals(words, field))
    if output is None:
        click.echo(table, nl=False)
        return
    try:
        write_file(output, table.encode(), force=False)
    except OutputError as error:
        fail(str(error))
    click.echo(f"{output}: look through it, then rembi-sheets terms add {output}", err=True)


@terms.command()
@click.argument("identity", metavar="ID")
def show(identity: str) -> None:
    """Show all that is known of one term; ID in any form (FBbi:00000246, FBbi_00000246, its address).

    \b
    Example:
      rembi-sheets terms show CVCL_0030
    """
    from rembi_sheets.vocabularies import normalise_id
    from rembi_sheets.vocabularies.search import known_as

    curie = normalise_id(identity)
    if not curie:
        fail(f'{identity} is no identifier of a term (like NCBITaxon:9606). For names: rembi-sheets terms search "..."')
    found = list(known_as(curie))
    if not found:
        click.echo(f"No list and no vocabulary of yours has {curie}.", err=True)
        raise click.exceptions.Exit(1)
    for number, (vocabulary, entry, below) in enumerate(found):
        if number:
            click.echo()
        for name, value in _facts(curie, vocabulary, entry, below):
            click.echo(f"{name:14} {value}")


def _facts(curie: str, vocabulary: str, entry: Entry, below: tuple[Entry, ...]) -> Iterator[tuple[str, str]]:
    from rembi_sheets.vocabularies import short_form

    yield "identifier", entry.id
    if curie != entry.id:
        yield "asked for as", curie
    yield "short form", short_form(entry.id)
    yield "label", entry.label
    if entry.synonyms:
        yield "also called", "; ".join(entry.synonyms)
    yield "list", vocabulary
    for column, value in entry.extra.items():
        if value and value != "false":
            yield column.replace("_", " "), value.replace("|", "; ")
    if below:
        shown = "; ".join(f"{child.label} [{child.id}]" for child in below[:20])
        yield "below it", shown + (f"; and {len(below) - 20} more" if len(below) > 20 else "")


@terms.command()
@click.argument("file", type=Where())
@click.option("--name", default="", help="Name of the vocabulary.  [default: the name of the file]")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def add(file: Path, name: str, quiet: bool) -> None:
    """Add an ontology to your own vocabularies: OBO, OWL (RDF/XML), TSV, or NCBI's names.dmp.

    Its terms are then found wherever a list takes their kind of identifier; under the name of a list, all count for it.
    A vocabulary of the same name is replaced.

    \b
    Example:
      rembi-sheets terms add cl-basic.obo
    """
    from rembi_sheets.vocabularies import adding

    with working(f"Reading {file.name}", quiet):
        added = adding.add(file, name)
    for problem in added.problems:
        if problem.fatal or not quiet:
            click.echo(f"{file.name}: {problem}", err=True)
    if added.vocabulary is None:
        fail("Nothing was added; what was there before is unchanged.")
        return
    if not quiet:
        now, before = added.vocabulary, added.replaced
        version = f", version {now.version}" if now.version else ""
        instead = f" It replaces the one of {before.version or before.date}." if before and not before.problem else ""
        click.echo(f"Added {now.name}: {now.terms:,} terms with {now.names:,} names{version}.{instead}", err=True)


@terms.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=lambda *_: _installable())
@click.option("--all", "everything", is_flag=True, help="Also those that no column of the workbook takes terms from.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def install(names: tuple[str, ...], everything: bool, quiet: bool) -> None:
    """Make whole ontologies known, from a package that is installed: cell lines, anatomy, cell types, diseases, taxa.

    The ontologies come with: pip install "rembi-sheets[terms]". Nothing is fetched. Without NAME, all are installed
    that columns of the workbook take terms from. Run it again after an update of the package.

    \b
    Examples:
      rembi-sheets terms install
      rembi-sheets terms install cvcl uberon
    """
    from rembi_sheets.vocabularies import installed, nearest

    if installed.folder() is None:
        fail(f'The ontologies are not there. Install them first: pip install "{installed.extra()}"')
    known = {o.vocabulary: o for o in installed.ontologies() if o.file}
    for name in names:
        if name.casefold() not in known:
            near = nearest(name.casefold(), known, 1)
            fail(
                f"There is no ontology {name}. "
                + (f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}.")
            )
    chosen = [known[name.casefold()] for name in names] or [o for o in known.values() if o.lists or everything]
    for ontology in chosen:
        with working(f"Reading {ontology.title}", quiet):
            added = installed.install(ontology)
        for problem in added.problems:
            if problem.fatal or not quiet:
                click.echo(f"{ontology.name}: {problem}", err=True)
        if added.vocabulary is None:
            fail(f"{ontology.name} was not installed; what was there before is unchanged.")
        elif not quiet:
            now = added.vocabulary
            click.echo(f"{now.name} {now.version}: {now.terms:,} terms with {now.names:,} names.", err=True)
            click.echo(f"  {ontology.credit}; {ontology.licence}", err=True)


def _installable() -> list[str]:
    from rembi_sheets.vocabularies import installed

    return [ontology.vocabulary for ontology in installed.ontologies() if ontology.file]


@terms.command(name="list")
def list_() -> None:
    """List what is known: the bundled lists, then your own vocabularies and those you installed.

    Prints one a line: name, number of terms, date or version, origin, with tabs between.
    """
    from rembi_sheets import vocabularies
    from rembi_sheets.vocabularies import cache

    rows: list[tuple[str, ...]] = []
    for name in vocabularies.names():
        source = vocabularies.source(name)
        rows.append((name, str(len(vocabularies.entries(name))), source.date, source.origin))
    for own in cache.known():
        if own.problem:
            click.echo(f"{own.name}: {own.problem}", err=True)
        else:
            origin = f"yours, from {own.source}, added {own.date}"
            if own.installed:
                origin = f"installed {own.date}; {own.credit}; {own.licence}"
            rows.append((own.name, str(own.terms), own.version or own.date, origin))
    _print(rows)
