"""Folders of this computer whose headers are read for a workbook: `harvest` in a process of its own, with its progress.

The command itself runs, into a store of the workbook's own. It can be stopped at any moment, and then goes on where it
stood when the folder is named again.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, cast

from rembi_sheets.web.books import FullError
from rembi_sheets.web.visits import Visit

_COMMAND = ("-m", "rembi_sheets", "harvest")
_STAGES = {
    "walk": "Files are looked for",
    "headers": "Headers are read",
    "checksums": "Checksums are made",
    "result": "What they say is put together",
}


def _time(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 120 else f"{round(seconds / 60)} minutes"


class Stand(StrEnum):
    """Where the reading of a folder stands."""

    RUNNING = "running"
    READ = "read"
    STOPPED = "stopped"
    FAILED = "failed"


class Reading:
    """One folder being read. `step`: the last line of `harvest --progress json`; `said`: why it failed."""

    def __init__(self, folder: Path, store: Path) -> None:
        self.folder, self.store = folder, store
        self.step: dict[str, Any] = {}
        self.said = ""
        self._stopped = False
        self._process = subprocess.Popen(
            [sys.executable, *_COMMAND, str(folder), "--store", str(store), "--progress", "json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that its own workers end with it
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._listener = threading.Thread(target=self._listen, name="reading", daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        with cast("IO[str]", self._process.stderr) as lines:
            for line in lines:
                with suppress(ValueError):
                    self.step = dict(json.loads(line))
                    continue
                self.said = line.strip() or self.said

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def stand(self) -> Stand:
        """Where it stands."""
        status = self._process.poll()
        if status is None:
            return Stand.RUNNING
        return Stand.READ if status == 0 else Stand.STOPPED if self._stopped else Stand.FAILED

    @property
    def told(self) -> str:
        """How far it is, in words."""
        step = self.step
        if not step:
            return "The folder is being opened."
        of = f" of {step['of']:,}" if step.get("of") else ""
        parts = [f"{_STAGES[step['stage']]}: {step['files']:,}{of} files"]
        parts += [f"{step['files_per_second']:,.0f} a second"] if step.get("files_per_second") else []
        parts += [f"about {_time(step['seconds_left'])} left"] if step.get("seconds_left") else []
        return f"{', '.join(parts)}."

    @property
    def share(self) -> float | None:
        """Which part of it is done, between 0 and 1; None where that is not known."""
        of = self.step.get("of")
        return self.step["files"] / of if of and self.step["stage"] != "walk" else None

    def wait(self, seconds: float) -> Stand:
        """Where it stands, at the latest after so many seconds."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self.stand

    def stop(self) -> None:
        """End it, with all that it started."""
        self._stopped = self._process.poll() is None
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait(10)


class Readings:
    """The folders that are read for the workbooks of a server, one for each workbook."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._all: dict[str, Reading] = {}
        self._lock = threading.Lock()

    def begin(self, book: str, folder: Path, store: Path) -> Reading:
        """Read a folder for a workbook, in the place of any other. Raises FullError when enough are read just now."""
        self.end(book)
        with self._lock:
            if sum(r.stand is Stand.RUNNING for r in self._all.values()) >= self._most:
                raise FullError("Other folders are being read just now. Try it again when they are done.")
            made = self._all[book] = Reading(folder, store)
        return made

    def of(self, book: str) -> Reading | None:
        """The reading of a workbook's folder."""
        return self._all.get(book)

    def end(self, book: str) -> None:
        """Stop the reading for a workbook, where there is one, and forget it."""
        with self._lock:
            reading = self._all.pop(book, None)
        if reading is not None:
            reading.stop()

    def leave(self, visit: Visit) -> None:
        """Stop all that is read for a visit."""
        for id_ in list(visit.books):
            self.end(id_)

    def close(self) -> None:
        """Stop everything."""
        for id_ in list(self._all):
            self.end(id_)
