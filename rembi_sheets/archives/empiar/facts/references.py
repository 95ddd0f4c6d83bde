"""Links, related images and workflows -> EMPIAR's lists of related entries and of workflows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from rembi_sheets.archives.empiar.facts.image_sets import workflows
from rembi_sheets.records import Link
from rembi_sheets.submission import Submission

# Forms of the deposition schema (S- and idr narrower than its "S-.*", so that no sentence is taken for one).
FORMS = {
    "emdb": re.compile(r"EMD-[0-9]{4,}"),
    "empiar": re.compile(r"EMPIAR-[0-9]+"),
    "biostudies": re.compile(r"S-[A-Z][\w.\-]*\w"),
    "idr": re.compile(r"idr[0-9]{4,}"),
}
# Within a sentence: only forms that are no words ("S-phase", "S-Nitrosylation"), and no maps, which decide on the type.
_IN_TEXT = {
    "empiar": FORMS["empiar"],
    "biostudies": re.compile(r"S-[A-Z]{2}[A-Z0-9\-]*\d\w*"),
    "idr": FORMS["idr"],
}
_BY_TYPE = {
    "EMDB": "emdb",
    "EMPIAR": "empiar",
    "BioStudies": "biostudies",
    "BioImage Archive": "biostudies",
    "IDR": "idr",
}
_BARE = {"emdb": "EMD-", "empiar": "EMPIAR-", "idr": "idr"}
_CASES: dict[str, Callable[[str], str]] = {"emdb": str.upper, "empiar": str.upper, "biostudies": str, "idr": str.lower}


@dataclass
class References:
    """Accessions by kind, in order and once each; `homeless`: links that EMPIAR has no list for."""

    emdb: list[str] = field(default_factory=list)
    empiar: list[str] = field(default_factory=list)
    biostudies: list[str] = field(default_factory=list)
    idr: list[str] = field(default_factory=list)
    workflows: list[str] = field(default_factory=list)
    homeless: list[Link] = field(default_factory=list)
    malformed: list[tuple[Link, str]] = field(default_factory=list)

    def add(self, kind: str, value: str) -> None:
        """Once each."""
        known: list[str] = getattr(self, kind)
        if value not in known:
            known.append(value)


def references(sub: Submission) -> References:
    """All links, then the accessions that related images name, and the workflows that image data name."""
    found = References()
    for link in sub.links:
        kind, value = classify(link)
        if kind and value:
            found.add(kind, value)
        elif kind:
            found.malformed.append((link, kind))
        else:
            found.homeless.append(link)
    for correlation in sub.image_correlation:
        for text in correlation.related_images:
            for kind, form in _IN_TEXT.items():
                for match in re.finditer(rf"(?<![\w\-]){form.pattern}(?![\w])", text):
                    found.add(kind, match[0])
    for _, _, text in workflows(sub):
        address = _workflow(text)
        if address:
            found.add("workflows", address)
    return found


def classify(link: Link) -> tuple[str, str]:
    """The list a link belongs to and its accession; an empty accession: the form is wrong; ('', ''): no list."""
    text = link.link.strip()
    workflow = _workflow(text, link.link_type == "WorkflowHub")
    if workflow or link.link_type == "WorkflowHub":
        return "workflows", workflow
    bare = text.rstrip("/").rpartition("/")[2] if "://" in text else text
    for kind, form in FORMS.items():
        cased = _CASES[kind](bare)
        if form.fullmatch(cased):
            return kind, cased
    kind = _BY_TYPE.get(link.link_type, "")
    if kind:
        cased = _BARE.get(kind, "") + bare
        return kind, cased if FORMS[kind].fullmatch(cased) else ""
    if "://" not in text:
        for kind, prefix in _BARE.items():
            if bare.upper().startswith(prefix.upper()):
                return kind, ""
        if bare.startswith("S-"):
            return "biostudies", ""
    return "", ""


def _workflow(text: str, known: bool = False) -> str:
    """The address of a workflow at WorkflowHub, the only place that EMPIAR knows; '' for another text.

    `known`: an address that is said to be one of these.
    """
    https, rest = text[: len("https://")].casefold(), text[len("https://") :]
    return f"{https}{rest}" if https == "https://" and (known or "workflowhub" in rest.casefold()) else ""
