"""What a visitor may use: every limit of the page stands here."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds.

    `file`: one workbook; `request`: all that is sent at once; `text`: all fields of a form that are no files, `parts`
    of them at most; `names`: files of a data folder; `room`: all files of one visit;
    `books`: workbooks of one visit; `sources`: drops from which one of them is filled; `readings`: folders of this
    computer that are read at a time; `workers`: processes that work; `job`: the longest that one may take;
    `memory`: what one may use; `waiting`: jobs in the line; `patience`: how long an answer waits for its result before
    it shows the progress; `keep`: how long files lie after the last visit; `visits`: visits at a time; `threads`:
    answers at a time; `connections`: open ones; `idle`: a connection on which nothing comes is closed; `grace`: as is
    one on which a request, or its answer, takes longer than this and a second for each `slowest` bytes;
    `findings`: findings on a page; `cells`: as in `workbook.package.Caps`.
    """

    file: int = 50 * MB
    request: int = 250 * MB
    text: int = 32 * MB
    parts: int = 5000
    names: int = 400_000
    room: int = 2000 * MB
    books: int = 50
    sources: int = 20
    readings: int = 2
    workers: int = 2
    job: float = 120.0
    memory: int = 3072 * MB
    waiting: int = 400
    patience: float = 0.5
    keep: float = 3600.0
    visits: int = 2000
    threads: int = 24
    connections: int = 600
    idle: int = 30
    grace: float = 60.0
    slowest: int = 8 << 10
    findings: int = 50
    cells: int = 5_000_000
    unpacked: int = 512 * MB

    def caps(self) -> dict[str, int]:
        """The limits of reading a workbook, by the names that `pipeline.read` takes."""
        return {"size": self.file, "cells": self.cells, "unpacked": self.unpacked}
