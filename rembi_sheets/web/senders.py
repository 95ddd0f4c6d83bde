"""Connections as waitress keeps them, with one limit more: who sends or takes bytes too slowly is cut off.

waitress closes a connection on which nothing happens. One byte now and then keeps it open for ever, and enough of such
connections keep everybody else out.
"""

from __future__ import annotations

import logging
import socket
import time
from contextlib import suppress
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection, and how much came of the request that is coming, and of the answer that is owed, since when."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._begun, self._came = time.time(), 0
        self._owed: tuple[float, int] | None = None
        super().__init__(*args, **kwargs)

    def received(self, data: bytes) -> bool:
        """Take in a piece of a request."""
        before = self.request
        taken: bool = super().received(data)
        if self.request is not before:
            self._begun, self._came = time.time(), 0
        self._came += len(data)
        return taken

    def too_slow(self, now: float, grace: float, least: int) -> bool:
        """Did it take more than `grace` seconds beside one for each `least` bytes?"""
        if self.request is not None and now - self._begun > grace + self._came / least:
            return True
        left = self.total_outbufs_len
        if not left or self.requests:
            self._owed = None
            return False
        if self._owed is None or left > self._owed[1]:
            self._owed = now, left
        since, owed = self._owed
        slow: bool = now - since > grace + (owed - left) / least
        return slow


class _Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]
    """The threads that answer."""

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """End them. That questions are left without an answer then is no news."""
        self.logger = logging.getLogger("waitress.closed")
        self.logger.setLevel(logging.ERROR)
        done: bool = super().shutdown(cancel_pending, timeout)
        return done


class Listener(TcpWSGIServer):  # type: ignore[misc]
    """waitress on a socket that listens already. `grace` and `least`: as in `Channel.too_slow`."""

    channel_class = Channel

    def __init__(self, app: object, listening: socket.socket, grace: float, least: int, **adjusted: Any) -> None:
        self._grace, self._least = grace, least
        adjustments = Adjustments(sockets=[listening], **adjusted)
        dispatcher = _Dispatcher()
        dispatcher.set_thread_count(adjustments.threads)
        info = (listening.family, listening.type, listening.proto, listening.getsockname())
        super().__init__(
            app, {}, True, listening, dispatcher=dispatcher, adj=adjustments, bind_socket=False, sockinfo=info
        )

    def pull_trigger(self) -> None:
        """Wake the loop, from a thread that has an answer; once all is closed there is none, and nothing to be told."""
        if not self.trigger._closed:
            with suppress(OSError):
                super().pull_trigger()

    def maintenance(self, now: float) -> None:
        """Close the connections on which nothing happens, or too little."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.will_close or channel.too_slow(now, self._grace, self._least):
                channel.will_close = True
                with suppress(OSError):  # waitress closes at the next write, for which there may never be room
                    channel.socket.shutdown(socket.SHUT_RDWR)
