"""What is worked out of the whole submission is worked out once, and anew for a changed one."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from rembi_sheets import archives
from rembi_sheets.submission import Submission
from tests.cases.base import GOOD
from tests.support import TODAY, submission


def test_once_for_a_submission_and_anew_for_a_changed_one() -> None:
    sub = submission(GOOD)
    asked: list[Submission] = []

    def make(of: Submission) -> int:
        asked.append(of)
        return len(asked)

    assert [sub.once(make), sub.once(make)] == [1, 1]
    assert dataclasses.replace(sub, attachments={"a": b""}).once(make) == 2
    assert dataclasses.replace(sub) == sub and "_made" not in {f.name for f in dataclasses.fields(sub)}


@pytest.mark.parametrize("name", ["empiar", "idr"])
def test_check_and_build_walk_files_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sub = submission(GOOD)
    package = archives.package(name)
    alone = package.build(submission(GOOD), TODAY)
    made: list[Any] = []
    real = Submission.once

    def watched(self: Submission, make: Any) -> Any:
        found = real(self, make)
        made.append((make, id(found)))
        return found

    monkeypatch.setattr(Submission, "once", watched)
    package.check(sub, TODAY)
    built = package.build(sub, TODAY)
    assert len(made) >= 2 and len(set(made)) == 1
    assert package.render(built.document).files.keys() == package.render(alone.document).files.keys()
