"""rembi-sheets serve."""

from __future__ import annotations

import os
from dataclasses import replace

import click

from rembi_sheets.cli.options import fail, talk, today
from rembi_sheets.web.limits import MB, Limits

_USUAL = Limits()


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen at; the usual is this computer."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Port; 0 for any free one."
)
@click.option("--name", "names", multiple=True, help="Name under which a hosted page is reached, as in its address.")
@click.option(
    "--online",
    is_flag=True,
    help="Let visitors of a hosted page ask services on the net what identifiers stand for; on this computer they may.",
)
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@click.option(
    "--workers",
    type=click.IntRange(1, 60),
    default=_USUAL.workers,
    show_default=True,
    help="Processes that check workbooks side by side.",
)
@click.option(
    "--max-mb",
    type=click.IntRange(1, 1000),
    default=_USUAL.file // MB,
    show_default=True,
    help="Largest workbook that is taken, in MB.",
)
@click.option(
    "--keep-minutes",
    type=click.FloatRange(0, 100_000, min_open=True),
    default=_USUAL.keep / 60,
    show_default=True,
    help="How long a visitor's files are kept after the last visit.",
)
@talk
def serve(
    host: str,
    port: int,
    names: tuple[str, ...],
    online: bool,
    no_browser: bool,
    workers: int,
    max_mb: int,
    keep_minutes: float,
    quiet: bool,
    verbose: bool,
) -> None:
    """Open the page: get a workbook, drop it, see what is wrong at its cell. It runs until it is stopped.

    \b
    Example:
      rembi-sheets serve
      rembi-sheets serve --host 0.0.0.0 --name sheets.example.org --no-browser --workers 4
    """
    from rembi_sheets.web.server import Address, ServeError, Server, open_browser

    limits = replace(
        _USUAL, file=max_mb * MB, request=max(5 * max_mb * MB, 32 * MB), workers=workers, keep=keep_minutes * 60
    )
    address = Address(host, port, names, online)
    try:
        server = Server(address, limits, today=today() if os.environ.get("REMBI_SHEETS_TODAY") else None)
    except ServeError as error:
        fail(str(error))
        return
    if not quiet:
        click.echo(f"The page is open at {server.url}  Stop it with Ctrl+C.", err=True)
        if not address.local:
            click.echo(
                "It can be reached by others, and what they send is not encrypted: put a proxy with TLS before it.",
                err=True,
            )
    if not no_browser:
        open_browser(server.url)()
    with _Stoppable():
        server.run()
    if not quiet:
        click.echo("The page is closed; what was dropped on it is deleted.", err=True)


class _Stoppable:
    """A polite end for SIGTERM, as a service manager sends it, and for Ctrl+C."""

    def __enter__(self) -> None:
        import signal

        def stop(*_: object) -> None:
            raise SystemExit(0)

        signal.signal(signal.SIGTERM, stop)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind in (SystemExit, KeyboardInterrupt)
