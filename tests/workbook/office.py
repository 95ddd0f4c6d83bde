"""LibreOffice for tests: a list of jobs goes to one headless office, driven over UNO; what it says comes back.

This file is also the program that the office's own Python runs (`python office.py`): a list of jobs in JSON a line,
until there are no more. The office is started with the first and serves all tests of a process.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from functools import cache
from pathlib import Path
from typing import Any

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8", ".xls": "MS Excel 97"}
PYTHONS = (sys.executable, "/usr/bin/python3", "python3")


@cache
def _uno_python() -> str:
    """A Python that can import uno; "" when there is none."""
    for name in PYTHONS:
        path = shutil.which(name)
        if path and subprocess.run([path, "-c", "import uno"], capture_output=True, check=False).returncode == 0:
            return path
    return ""


@cache
def missing() -> str:
    """Why LibreOffice cannot be used here; "" when it can."""
    if not shutil.which("soffice"):
        return "LibreOffice (soffice) is not installed"
    if not _uno_python():
        return "no Python can import uno (Debian: python3-uno)"
    return ""


_running: list[subprocess.Popen[str]] = []
SECONDS = 300  # for one list of jobs


def run(jobs: list[dict[str, Any]]) -> list[Any]:
    """The answers of the office to `jobs`; raises RuntimeError with what went wrong."""
    if not _running:
        pipe = subprocess.PIPE
        _running.append(subprocess.Popen([_uno_python(), __file__], stdin=pipe, stdout=pipe, stderr=pipe, text=True))
    (program,) = _running
    assert program.stdin and program.stdout and program.stderr
    patience = threading.Timer(SECONDS, program.kill)
    patience.start()
    try:
        program.stdin.write(json.dumps(jobs) + "\n")
        program.stdin.flush()
        said = json.loads(program.stdout.readline() or "null")
    except BrokenPipeError:
        said = None
    finally:
        patience.cancel()
    if said is None:
        _running.clear()
        raise RuntimeError(program.stderr.read())
    if "failed" in said:
        raise RuntimeError(said["failed"])
    return said["answers"]  # type: ignore[no-any-return]


def close() -> None:
    """End the office if one was started."""
    while _running:
        _running.pop().communicate()


def saved(workbooks: dict[Path, list[str]], folder: Path) -> None:
    """Each workbook as one office saves it in its forms (xlsx, ods, xls): `folder`/form/name.form."""
    for form in {form for forms in workbooks.values() for form in forms}:
        (folder / form).mkdir(parents=True, exist_ok=True)
    run([{"open": str(w), "save": [str(folder / f / f"{w.stem}.{f}") for f in fs]} for w, fs in workbooks.items()])


class Office:
    """One headless LibreOffice with a profile of its own. Used in the office's Python only."""

    def __init__(self) -> None:
        import uno

        self.folder = tempfile.mkdtemp(prefix="office-")
        pipe = f"rembi{os.getpid()}"
        command = ["soffice", f"-env:UserInstallation={Path(self.folder).as_uri()}", "--headless", "--norestore"]
        self.process = subprocess.Popen(
            [*command, "--nologo", f"--accept=pipe,name={pipe};urp;"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        for attempt in range(240):
            try:
                self.context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except Exception:
                if attempt == 239:
                    raise
                time.sleep(0.25)
        manager = self.context.ServiceManager
        self.desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)
        self.dispatcher = manager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", self.context)

    def close(self) -> None:
        """End the office that this object started."""
        try:
            self.desktop.terminate()
        except Exception:  # the bridge falls with the office
            self.process.terminate()
        self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def _property(name: str, value: Any) -> Any:
        from com.sun.star.beans import PropertyValue

        made = PropertyValue()
        made.Name, made.Value = name, value
        return made

    def open(self, path: str) -> Any:
        """Load a copy of a workbook into a window that is not drawn; the file may be open in another office."""
        own = shutil.copy(path, self.folder)
        hidden = (self._property("Hidden", True),)
        return self.desktop.loadComponentFromURL(Path(own).as_uri(), "_blank", 0, hidden)

    def save(self, document: Any, paths: list[str]) -> None:
        """Store in the form that each path ends with, and close."""
        for path in map(Path, paths):
            document.storeToURL(path.as_uri(), (self._property("FilterName", FILTERS[path.suffix]),))
        document.close(True)

    def type(self, document: Any, sheet: str, cell: str, text: str) -> None:
        """Go to a cell and type, as a person does: the program makes dates and numbers of what it takes for such."""
        controller = document.CurrentController
        controller.setActiveSheet(document.Sheets.getByName(sheet))
        frame = controller.Frame
        self.dispatcher.executeDispatch(frame, ".uno:GoToCell", "", 0, (self._property("ToPoint", cell),))
        self.dispatcher.executeDispatch(frame, ".uno:EnterString", "", 0, (self._property("StringName", text),))

    def offered(self, document: Any, sheet: str, cell: str) -> list[str]:
        """The words of a cell's dropdown now: its validation's source, evaluated in a cell that is cleared again."""
        validation = document.Sheets.getByName(sheet).getCellRangeByName(cell).Validation
        if validation.Type.value != "LIST":
            return []
        source = validation.getFormula1()
        scratch = document.Sheets.getByName("_meta").getCellRangeByName("Z1")
        scratch.Formula = f"=ROWS({source})"
        words = []
        for n in range(1, int(scratch.Value) + 1):
            scratch.Formula = f'=INDEX({source};{n})&""'
            words.append(scratch.String)
        scratch.Formula = ""
        return [w for w in words if w]


def _job(office: Office, job: dict[str, Any]) -> Any:
    document = office.open(job["open"])
    said: list[Any] = []
    for step in job.get("steps", ()):
        kind, *rest = step
        if kind == "type":
            office.type(document, *rest)
        elif kind == "pick":  # choose a word of the dropdown; it must be there
            words = office.offered(document, rest[0], rest[1])
            said.append(words)
            if rest[2] in words:
                office.type(document, *rest)
        elif kind == "offered":
            said.append(office.offered(document, *rest))
        elif kind == "remove row":
            document.Sheets.getByName(rest[0]).Rows.removeByIndex(int(rest[1]) - 1, 1)
        elif kind == "read":
            cell = document.Sheets.getByName(rest[0]).getCellRangeByName(rest[1])
            said.append([cell.Type.value, cell.String])
        elif kind == "evaluate":  # a formula of a conditional format, as for the first data row
            scratch = document.Sheets.getByName(rest[0]).getCellRangeByName("AZ6")
            scratch.Formula = "=" + rest[1].replace(",", ";")
            said.append(bool(scratch.Value))
            scratch.Formula = ""
        elif kind == "height":  # of a row, in points
            said.append(document.Sheets.getByName(rest[0]).Rows.getByIndex(int(rest[1]) - 1).Height * 72 / 2540)
    office.save(document, [job["save"]] if isinstance(job["save"], str) else job["save"])
    return said


def main() -> None:
    """Lists of jobs from stdin, their answers to stdout, a line each."""
    office = Office()
    try:
        for line in sys.stdin:
            try:
                said = {"answers": [_job(office, job) for job in json.loads(line)]}
            except Exception:
                said = {"failed": traceback.format_exc()}
            print(json.dumps(said), flush=True)
    finally:
        office.close()


if __name__ == "__main__":
    main()
