"""IDR: the study file, the annotation CSV and the files beside them, as IDR's curators make them.

Facts on the format come from IDR's pyidr, omero-metadata and the published study repositories (August 2026).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from rembi_sheets.archives import Built, Parsed, Rendered
from rembi_sheets.archives.idr.document import Study
from rembi_sheets.findings import Finding
from rembi_sheets.submission import Submission

NAME = "idr"


def check(submission: Submission, today: dt.date) -> list[Finding]:
    """What IDR refuses or will ask about, beyond what the data dictionary says."""
    from rembi_sheets.archives.idr import needs

    return needs.check(submission, today)


def build(submission: Submission, today: dt.date) -> Built:
    """The IDR study of a submission: study file, tables, path lists and configurations as data."""
    from rembi_sheets.archives.idr import assembly

    return assembly.build(submission, today)


def render(document: Study) -> Rendered:
    """The files of a study, by name below the archive's folder."""
    from rembi_sheets.archives.idr import rendering

    return rendering.render(document)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """A study from its files (names may hold folders): study file, annotation CSVs and what lies beside them."""
    from rembi_sheets.archives.idr import parsing

    return parsing.parse(files)
