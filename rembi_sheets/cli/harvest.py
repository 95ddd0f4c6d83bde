"""rembi-sheets harvest."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rembi_sheets.cli.options import OK, REPORT, Where, emit, fail, form_of, form_option, spare, talk
from rembi_sheets.cli.progress import FORMS as SHOWN
from rembi_sheets.cli.progress import Progress

if TYPE_CHECKING:
    from rembi_sheets.harvest.folder import Harvest
    from rembi_sheets.harvest.store import Store

_FORMS = ("text", "json", "tsv")
_ENGINES = ("auto", "serial", "processes", "dask")
_CHECKSUMS = ("md5", "sha256")
_MERGE = "merge"


def _shard(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, int]:
    """3/10 as (part, parts), counted from 1."""
    found = re.fullmatch(r"(\d+)/(\d+)", (value or "1/1").strip())
    part, parts = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= part <= parts:
        raise click.BadParameter(f"{value} is no part of several; it should read like 3/10.", ctx, param)
    return part, parts


@click.command()
@click.argument("paths", nargs=-1, required=True, type=Where(), metavar="DIR | merge PART...")
@form_option(*_FORMS)
@click.option("--output", type=REPORT, help="File for the result.")
@click.option("--store", type=Where(dir_okay=False), help="File that keeps what was read; a later run goes on with it.")
@click.option(
    "--engine", type=click.Choice(_ENGINES), default="auto", help="Who reads.  [default: by the number of files]"
)
@click.option(
    "--workers", type=click.IntRange(1), help="Processes side by side.  [default: one a processor]", metavar="N"
)
@click.option("--scheduler", help="A scheduler of dask that runs already: tcp://HOST:PORT.", metavar="ADDRESS")
@click.option("--shard", callback=_shard, help="Read only part i of N, into a --store for merge.", metavar="i/N")
@click.option("--sample", type=click.IntRange(1), help="Read only N files of each folder and ending.", metavar="N")
@click.option("--checksum", type=click.Choice(_CHECKSUMS), help="Take checksums, too.")
@click.option(
    "--progress",
    type=click.Choice(SHOWN),
    default="auto",
    help="How far it is, on standard error.  [default: on a terminal]",
)
@talk
def harvest(
    paths: tuple[Path, ...],
    form: str | None,
    output: Path | None,
    store: Path | None,
    engine: str,
    workers: int | None,
    scheduler: str | None,
    shard: tuple[int, int],
    sample: int | None,
    checksum: str | None,
    progress: str,
    quiet: bool,
    verbose: bool,
) -> None:
    """Say what the headers of images and the logs beside them state: sizes, pixel sizes, channels, instrument.

    Nothing is changed. A value that no file states is left out; names of people and paths of machines, too.
    merge puts the stores of shards together.

    \b
    Example:
      rembi-sheets harvest images
      rembi-sheets harvest images --format json --output images.json
      rembi-sheets harvest images --store images.harvest --shard 3/10
      rembi-sheets harvest merge part*.harvest --store images.harvest
    """
    import sqlite3

    from rembi_sheets.harvest.engines import Away, Crew
    from rembi_sheets.harvest.folder import through
    from rembi_sheets.harvest.passes import Plan
    from rembi_sheets.harvest.store import Store, Unfit

    first, *parts = paths
    merging = bool(parts) and str(first) == _MERGE
    spare(output)
    _ask(first, parts, merging)
    if store and not merging and store.resolve().is_relative_to(first.resolve()):
        raise click.UsageError(
            f"{store} lies in the folder that it is to tell of, as one of its files; give it a place outside."
        )
    if shard[1] > 1 and not store:
        raise click.UsageError(
            "--shard needs --store: the file that merge puts together with those of the other parts."
        )
    plan = Plan(engine, Crew(workers or 0, scheduler or ""), shard, sample or 0, checksum or "")
    shown = Progress("none" if quiet else progress)
    try:
        with closing(Store(store)) as opened:
            made = _merged(opened, parts) if merging else through(first, opened, plan, shown)
            shown.end()
            _tell(made, form_of(form, output, *_FORMS), output, quiet, verbose)
    except (Unfit, Away) as error:
        fail(f"{error}.")
    except sqlite3.Error as error:
        fail(f"{store or 'The store'} cannot be read or written ({error}).")
    finally:
        shown.end()
    raise click.exceptions.Exit(OK)


def _ask(first: Path, parts: list[Path], merging: bool) -> None:
    """Raises UsageError for what is no folder, or no file to merge."""
    if merging:
        for part in parts:
            if not part.is_file():
                raise click.UsageError(f"There is no file {part}.")
    elif parts:
        raise click.UsageError("harvest takes one folder; stores of parts are put together by: harvest merge PART...")
    elif not first.is_dir():
        raise click.UsageError(f"There is no folder {first}.")


def _merged(store: Store, parts: list[Path]) -> Harvest:
    from rembi_sheets.harvest.folder import result

    for part in parts:
        store.take(part)
    return result(store)


def _tell(made: Harvest, form: str, output: Path | None, quiet: bool, verbose: bool) -> None:
    from rembi_sheets.report import harvested

    if quiet and output is None:
        return
    if form == "text":
        emit(harvested.text(made, verbose), output)
    else:
        emit({"json": harvested.as_json, "tsv": harvested.as_tsv}[form](made), output)
