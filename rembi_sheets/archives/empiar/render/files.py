"""Deposition -> files. The JSON and the XML are verified and compared; one that is not right is not written."""

from __future__ import annotations

from rembi_sheets.archives import Content, Parse, Rendered
from rembi_sheets.archives.empiar.document import JSON, ONLY, XML, Deposition
from rembi_sheets.archives.empiar.render import deposition, entry, verify
from rembi_sheets.archives.empiar.render.next_steps import next_steps
from rembi_sheets.archives.shared import yaml
from rembi_sheets.findings import Finding, find


def render(document: Deposition, parse: Parse) -> Rendered:
    """The files below the archive's folder, and an error for each that could not be written rightly.

    Both are read back by `parse` and compared.
    """
    files: dict[str, Content] = {}
    findings: list[Finding] = []
    data, markup = deposition.dump(document), entry.dump(document)
    for name, content, faults in (
        (JSON, data, verify.json_faults(data)),
        (XML, markup, verify.xml_faults(markup)),
    ):
        findings += [find("EMPIAR-FILE-INVALID", value=f, file=name, archives=ONLY) for f in faults]
        if not faults:
            files[name] = content
    if len(files) == 2:
        strange = parse({JSON: data, XML: markup}).not_understood
        findings += [find("EMPIAR-FILES-DIFFER", value=s, archives=ONLY) for s in strange]
        if strange:
            files = {}
    if document.beside and files:
        files["rembi.yml"] = yaml.dump(yaml.quoted(document.beside.rembi)).encode("utf-8")
    if files:
        files["NEXT-STEPS.md"] = next_steps(document).encode("utf-8")
    return Rendered(files, tuple(findings))
