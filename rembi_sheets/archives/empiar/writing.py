"""Deposition -> files. The JSON and the XML are verified and compared; one that is not right is not written."""

from __future__ import annotations

from rembi_sheets.archives import Content, Rendered
from rembi_sheets.archives.empiar import deposition, entry, reading, verify, yaml
from rembi_sheets.archives.empiar.document import Deposition
from rembi_sheets.archives.empiar.next_steps import next_steps
from rembi_sheets.findings import Finding, find

NAME = "empiar"


def write(document: Deposition) -> Rendered:
    """The files below the archive's folder, and an error for each that could not be written rightly."""
    files: dict[str, Content] = {}
    findings: list[Finding] = []
    data, markup = deposition.dump(document), entry.dump(document)
    for name, content, faults in (
        (reading.JSON, data, verify.json_faults(data)),
        (reading.XML, markup, verify.xml_faults(markup)),
    ):
        findings += [find("EMPIAR-FILE-INVALID", value=f, file=name, archives=(NAME,)) for f in faults]
        if not faults:
            files[name] = content
    if len(files) == 2:
        strange = reading.read({reading.JSON: data, reading.XML: markup}).not_understood
        findings += [find("EMPIAR-FILES-DIFFER", value=s, archives=(NAME,)) for s in strange]
        if strange:
            files = {}
    if document.beside and files:
        files["rembi.yml"] = yaml.dump(document.beside.rembi).encode("utf-8")
    if files:
        files["NEXT-STEPS.md"] = next_steps(document).encode("utf-8")
    return Rendered(files, tuple(findings))
