"""Study -> files, by name below the archive's folder."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from rembi_sheets.archives import Content, Rendered
from rembi_sheets.archives.idr import configs, tables
from rembi_sheets.archives.idr.document import Component, Kind, Study

if TYPE_CHECKING:
    import jinja2


def render(document: Study) -> Rendered:
    """Study file, tables, path lists, configurations and NEXT-STEPS.md."""
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
    return Rendered(out)


def study_text(document: Study) -> str:
    """The study file: one key a line, values between tabs, a comment above each block."""
    return _template("study.txt.j2").render(study=document)


def next_steps(document: Study) -> str:
    """What to do with the files, and what IDR's curators will fill in."""
    return _template("next_steps.md.j2").render(
        study=document, unassigned=document.accession == "idr0000", titles=[_title(c) for c in document.components]
    )


def _title(component: Component) -> str:
    return f"{component.kind.value.lower()} {component.number} (`{component.folder}/`)"


def _template(name: str) -> jinja2.Template:
    import jinja2

    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # tab-separated text and Markdown, no markup
    )
    return environment.from_string((files(__package__) / name).read_text("utf-8"))
