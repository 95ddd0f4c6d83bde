"""The pages, each a blueprint: what is asked, a job for the workers, a template."""

from __future__ import annotations

from flask import Blueprint


def blueprints() -> tuple[Blueprint, ...]:
    """All pages."""
    from rembi_sheets.web.pages import data, fill, many, mend, report, score, start, take

    return (start.page, report.page, mend.page, score.page, take.page, data.page, fill.page, many.page)
