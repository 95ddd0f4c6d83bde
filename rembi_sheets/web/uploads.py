"""What is sent in: files, capped while they stream."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Request

from rembi_sheets.web.state import state


class Capped(SpooledTemporaryFile[bytes]):
    """An upload as it comes in: beyond the limit nothing more is kept, and `over` says how much came."""

    def __init__(self, most: int) -> None:
        super().__init__(max_size=1 << 20)
        self._most = most
        self.came = 0

    @property
    def over(self) -> bool:
        """Is it more than is taken?"""
        return self.came > self._most

    def write(self, data: Any) -> int:
        """Keep a piece, or only count it."""
        self.came += len(data)
        if self.over:
            self.seek(0)
            self.truncate()
            return len(data)
        return super().write(data)


class PageRequest(Request):
    """A request whose files are capped while they stream."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return Capped(state().limits.file)
