"""What is sent in: files, capped while they stream; forms of a size."""

from __future__ import annotations

from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from rembi_sheets.web.state import SaidError, state
from rembi_sheets.web.words import size


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


class Fields(FormDataParser):
    """Forms without files, too, have a limit of size and of fields; else one of few bytes a field fills the memory."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        """The fields and files of a form. Raises RequestEntityTooLarge."""
        if mimetype == "application/x-www-form-urlencoded":
            limits = state().limits
            body = stream.read(limits.text + 1)
            if len(body) > limits.text or body.count(b"&") >= limits.parts:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


class PageRequest(Request):
    """A request whose files are capped while they stream."""

    form_data_parser_class = Fields

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return Capped(state().limits.file)


def small(file: FileStorage) -> None:
    """Raises SaidError for a file that is too large."""
    stream = file.stream
    if isinstance(stream, Capped) and stream.over:
        raise SaidError(
            "It is too large",
            f"{file.filename} has {size(stream.came)}. This page takes up to {size(state().limits.file)}.",
            "Pictures in a workbook are the usual reason; take them out. Many thousands of files belong into a table "
            "beside the workbook, named like it with .files.tsv.",
            413,
        )
