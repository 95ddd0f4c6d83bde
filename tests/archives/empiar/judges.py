"""Judges that know nothing of this project: the schema inside empiar-depositor, and the checkers of ../shared."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.archives import Rendered, package
from rembi_sheets.archives.empiar.document import Deposition
from rembi_sheets.findings import Severity
from rembi_sheets.submission import Submission
from tests.support import TODAY, submission

empiar = package("empiar")

SHARED = Path(__file__).parents[4] / "shared"


def shared(name: str) -> Path:
    """A file beside the repository; the test is skipped where it is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"../shared/{name} is not here")
    return path


@cache
def depositor_schema() -> dict[str, Any]:
    """The deposition schema that the client ships."""
    text = (files("empiar_depositor") / "empiar_deposition.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def schema_errors(content: bytes) -> list[str]:
    """What the depositor's schema says against a deposition JSON."""
    from jsonschema import Draft7Validator, FormatChecker

    validator = Draft7Validator(depositor_schema(), format_checker=FormatChecker())
    return [f"{list(e.absolute_path)}: {e.message[:120]}" for e in validator.iter_errors(json.loads(content))]


def lint(content: bytes, folder: Path) -> str:
    """What empiar_json_check.py prints against a deposition JSON; '' when it is clean."""
    path = folder / "deposition.json"
    path.write_bytes(content)
    tool = shared("tools/empiar_json_check.py")
    done = subprocess.run([sys.executable, str(tool), str(path)], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def xsd_errors(content: bytes) -> list[str]:
    """What the reconstructed XSD of ../shared says against an entry."""
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(str(shared("tools/empiar_entry.xsd"))))
    schema.validate(etree.fromstring(content))
    return [e.message for e in schema.error_log]


def errors(sub: Submission) -> list[str]:
    """Codes of EMPIAR's errors."""
    return [f.code for f in empiar.check(sub, TODAY) if f.severity is Severity.ERROR]


def deposition(sheets: Mapping[str, Any] | Submission) -> Deposition:
    """The deposition of sheets that have no EMPIAR error."""
    sub = sheets if isinstance(sheets, Submission) else submission(sheets)
    assert errors(sub) == []
    document = empiar.build(sub, TODAY).document
    assert isinstance(document, Deposition)
    return document


def rendered(document: Deposition) -> dict[str, bytes]:
    """The files of a deposition, which must all be written."""
    out: Rendered = empiar.render(document)
    assert [f.message for f in out.findings] == []
    return {name: content for name, content in out.files.items() if isinstance(content, bytes)}
