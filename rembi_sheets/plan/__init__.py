"""Which of the archives suit a study and why, in which order to deposit, and what each still lacks.

The rules are data (plan.toml); this module only reads the study off a Submission.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from rembi_sheets import toml, vocabularies
from rembi_sheets.findings import Finding, Severity
from rembi_sheets.submission import Submission


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said of one archive: does it suit, why, after which others, and the errors that stand in the way.

    `needs`: what must be known first ("Imaging method in Study components"); as long as it is not, `suits` is False
    and `reason` says what the archive takes.
    """

    archive: str
    title: str
    suits: bool
    chosen: bool
    reason: str
    after: tuple[str, ...]
    remark: str
    lacks: tuple[Finding, ...]
    needs: tuple[str, ...] = ()


@cache
def rules() -> Sequence[Mapping[str, Any]]:
    """The rules of plan.toml, one table an archive."""
    found: Sequence[Mapping[str, Any]] = toml.loads((files(__package__) / "plan.toml").read_text("utf-8"))["archive"]
    return found


def advise(submission: Submission, chosen: Sequence[str], findings: Mapping[str, Sequence[Finding]]) -> list[Advice]:
    """Advice for every archive, in the order in which to deposit.

    `chosen`: archives of the study sheet; `findings`: those of a check for each archive alone.
    """
    domains = _domains(submission)
    made = [_advice(rule, submission, chosen, domains, findings) for rule in rules()]
    return _in_order(made)


def _domains(submission: Submission) -> frozenset[str]:
    """Domains of the imaging methods (LM, EM, vEM, cryoEM, Xray, multi); methods that are not in the list have none."""
    methods = [m for c in submission.study_components for m in c.imaging_methods]
    methods += [m for a in submission.image_acquisition for m in a.imaging_methods]
    found = (vocabularies.resolve(m.label, "imaging_method").entry for m in methods)
    return frozenset(e.extra.get("domain", "") for e in found if e) - {""}


def _advice(
    rule: Mapping[str, Any],
    submission: Submission,
    chosen: Sequence[str],
    domains: frozenset[str],
    findings: Mapping[str, Sequence[Finding]],
) -> Advice:
    name = rule["name"]
    title = submission.schema.archive(name).title
    against = _against(rule, submission, domains)
    needs = () if against else _needs(rule, submission, domains)
    errors = tuple(f for f in findings.get(name, ()) if f.severity is Severity.ERROR)
    remark = rule.get("first", "")
    return Advice(
        archive=name,
        title=title,
        suits=not against and not needs,
        chosen=name in chosen,
        reason=against or rule["reason"],
        after=tuple(rule["after"]),
        remark=remark or rule.get("after_reason", ""),
        lacks=errors,
        needs=needs,
    )


def _against(rule: Mapping[str, Any], submission: Submission, domains: frozenset[str]) -> str:
    """Why an archive does not suit; '' when nothing speaks against it. What is not filled in speaks against nothing."""
    if rule["suits"] == "always":
        return ""
    if domains and not domains & set(rule["domains"]):
        return str(rule["unsuited"])
    scales = {c.scale for c in submission.study_components if c.scale}
    if "scales" in rule and scales and not scales & set(rule["scales"]):
        return str(rule["unsuited"])
    licence = submission.study.license
    if "licences" in rule and licence and licence not in rule["licences"]:
        return f"takes only {' and '.join(rule['licences'])} as a licence"
    return ""


def _needs(rule: Mapping[str, Any], submission: Submission, domains: frozenset[str]) -> tuple[str, ...]:
    """The cells that decide and say nothing yet, as "Label in Sheet"; none once the imaging methods are known."""
    if rule["suits"] == "always" or domains:
        return ()
    table = submission.tables["study_components"]
    open_ = ["imaging_methods"]
    if "scales" in rule and "scale" in table.columns:
        open_.append("scale")
    return (f"{' and '.join(table.sheet[name].label for name in open_)} in {table.title}",)


def _told(advice: Advice, suiting: set[str]) -> bool:
    return not advice.after or bool(suiting & set(advice.after))


def _in_order(made: list[Advice]) -> list[Advice]:
    """Those that suit first, each after those whose accession it needs; then what is open, then the others."""
    suiting = {a.archive for a in made if a.suits}
    # An accession that cannot come, because that archive does not suit, is no reason to wait.
    rest = [
        replace(a, after=tuple(b for b in a.after if b in suiting), remark=a.remark if _told(a, suiting) else "")
        for a in made
        if a.suits
    ]
    ordered: list[Advice] = []
    while rest:
        waiting = {a.archive for a in rest}
        ready = next((a for a in rest if not set(a.after) & waiting), rest[0])
        ordered.append(ready)
        rest.remove(ready)
    return ordered + sorted((a for a in made if not a.suits), key=lambda a: not a.needs)
