"""The server: waitress before the application, for this computer or for a house."""

from __future__ import annotations

import datetime as dt
import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rembi_sheets.web.guard import LOOPBACK, Guard
from rembi_sheets.web.limits import Limits

if TYPE_CHECKING:
    from rembi_sheets.web.senders import Listener
    from rembi_sheets.web.state import State


class ServeError(Exception):
    """The page cannot be opened; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the page listens. `names`: further names under which it is reached; port 0 for any that is free.

    `online`: of a page that others reach, too, visitors may let services on the net be asked.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    names: tuple[str, ...] = ()
    online: bool = False

    @property
    def local(self) -> bool:
        """Is it reached on this computer only? One with a name of its own has a proxy before it."""
        return self.host in LOOPBACK and not self.names


class Server:
    """A page that listens; `run` answers until it is closed."""

    def __init__(
        self, address: Address, limits: Limits, home: Path | None = None, today: dt.date | None = None
    ) -> None:
        """Raises ServeError when the address cannot be had, or the extra `web` is not installed."""
        try:
            import flask  # noqa: F401
            import waitress  # noqa: F401
        except ImportError as error:
            raise ServeError('The page needs two more libraries: pip install "rembi-sheets[web]"') from error
        from rembi_sheets.web.app import create
        from rembi_sheets.web.jobs import warm
        from rembi_sheets.web.pool import Pool
        from rembi_sheets.web.reading import Readings
        from rembi_sheets.web.state import State
        from rembi_sheets.web.visits import Visits

        listening = _listen(address)
        readings = Readings(limits.readings)
        visits = Visits(home or _home(), limits.keep, limits.visits, limits.books, readings.leave)
        pool = Pool(limits.workers, limits.memory, limits.job, limits.waiting, warm)
        guard = Guard((address.host, *address.names))
        online = address.local or address.online
        self.state: State = State(limits, visits, pool, guard, readings, address.local, online, today)
        self.port: int = listening.getsockname()[1]
        self.url = f"http://{_shown(address.host)}:{self.port}/"
        self._server = _waitress(create(self.state), listening, limits)
        pool.warm()

    def run(self) -> None:
        """Answer until `close` is called or the process is interrupted; then leave nothing behind."""
        try:
            self._server.run()
        finally:
            self.close()

    def stop(self) -> None:
        """Let `run` end, from any thread."""
        self._server.trigger.pull_trigger(self._server._map.clear)

    def close(self) -> None:
        """End it: no workers, no files."""
        with suppress(OSError):
            self._server.close()
        self.state.readings.close()
        self.state.pool.close()
        self.state.visits.close()


def _waitress(app: object, listening: socket.socket, limits: Limits) -> Listener:
    from rembi_sheets.web.senders import Listener

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that answers wait is no news
    return Listener(
        app,
        listening,
        limits.grace,
        limits.slowest,
        threads=limits.threads,
        connection_limit=limits.connections,
        channel_timeout=limits.idle,
        cleanup_interval=max(1, min(10, limits.idle, int(limits.grace))),
        # A larger body is answered by the application with a sentence, unless it is far larger.
        max_request_body_size=2 * limits.request,
        max_request_header_size=64 << 10,
        ident="rembi-sheets",
        clear_untrusted_proxy_headers=False,
        expose_tracebacks=False,
        asyncore_use_poll=True,
        recv_bytes=64 << 10,  # a workbook comes in few pieces
    )


def _listen(address: Address) -> socket.socket:
    try:
        family = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((address.host, address.port), family=family, backlog=1024)
    except OSError as error:
        raise ServeError(
            f"{address.host}:{address.port} cannot be used: {error.strerror or error}. Is the page open already? "
            "Else choose another --port."
        ) from error


def _home() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("rembi-sheets") / "page"


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def open_browser(url: str) -> Callable[[], None]:
    """What opens the page in the browser, a moment later, so that it is answered at once."""
    import threading
    import webbrowser

    timer = threading.Timer(0.3, webbrowser.open, (url,))
    timer.daemon = True
    return timer.start


def hosted(names: Sequence[str]) -> tuple[str, ...]:
    """Names of hosts as they are compared: without a port."""
    return tuple(n.partition(":")[0] for n in names)
