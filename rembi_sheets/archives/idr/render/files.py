"""Study -> files, by name below the archive's folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rembi_sheets.archives import Content, Parse, Rendered
from rembi_sheets.archives.idr.document import ONLY, Component, Kind, Study, Table
from rembi_sheets.archives.idr.facts.naming import UNASSIGNED
from rembi_sheets.archives.idr.render import configs, tables, verify
from rembi_sheets.archives.shared.templates import template
from rembi_sheets.findings import Finding, find


def render(document: Study, parse: Parse) -> Rendered:
    """Study file, tables, path lists, configurations and NEXT-STEPS.md.

    Nothing is read back by `parse`: the texts themselves are judged by the rules of IDR's tools.
    """
    out: dict[str, Content] = {f"{document.name}/{document.accession}-study.txt": study_text(document).encode("utf-8")}
    for component in document.components:
        stem = f"{document.name}/{component.folder}/{document.accession}-{component.folder}"
        screen = component.kind is Kind.SCREEN
        out[f"{stem}-annotation.csv"] = tables.csv_stream(component.annotation)
        out[f"{stem}-{'library' if screen else 'assays'}.txt"] = tables.tsv_stream(component.layout)
        if component.processed is not None:
            out[f"{stem}-processed.txt"] = tables.tsv_stream(component.processed)
        out[f"{stem}-{'plates' if screen else 'filePaths'}.tsv"] = tables.tsv_stream(component.paths, heading=False)
        out[f"{stem}-bulk.yml"] = configs.bulk_text(document, component).encode("utf-8")
        out[f"{stem}-bulkmap-config.yml"] = configs.bulkmap_text(document, component).encode("utf-8")
    out[f"{document.name}/NEXT-STEPS.md"] = next_steps(document).encode("utf-8")
    return Rendered(out, tuple(_judged(document)))


def _judged(document: Study) -> Iterator[Finding]:
    """The rules of IDR's tools on what was made; the rows were judged by the checks."""
    faults = verify.study_file(study_text(document))
    for c in document.components:
        bare = replace(c, annotation=Table(c.annotation.header))
        faults += [f"{c.folder}: {f}" for f in verify.component(bare)]
    for fault in faults:
        yield find("IDR-REFUSED", value=fault, archives=ONLY)


def study_text(document: Study) -> str:
    """The study file: one key a line, values between tabs, a comment above each block."""
    return template(__package__, "study.txt.j2").render(study=document)


def next_steps(document: Study) -> str:
    """What to do with the files, and what IDR's curators will fill in."""
    lists = dict.fromkeys("plates.tsv" if c.kind is Kind.SCREEN else "filePaths.tsv" for c in document.components)
    return template(__package__, "next_steps.md.j2").render(
        study=document,
        unassigned=document.accession == UNASSIGNED,
        titles=[_title(c) for c in document.components],
        lists=list(lists),
    )


def _title(component: Component) -> str:
    return f"{component.kind.value.lower()} {component.number} (`{component.folder}/`)"
