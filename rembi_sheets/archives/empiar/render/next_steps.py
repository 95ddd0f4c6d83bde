"""NEXT-STEPS.md: what the depositor does with the files, by hand or by the client."""

from __future__ import annotations

from posixpath import basename, join
from shlex import quote
from typing import Any

from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.document import Deposition
from rembi_sheets.archives.empiar.render.entry import environment

RELEASES = {
    "RE": "at once after processing",
    "EP": "with the related EMDB entry",
    "HP": "when the primary citation is published",
    "HO": "one year after deposition",
}


def next_steps(d: Deposition) -> str:
    """The page as Markdown."""
    tops = {s.directory.strip("/").split("/")[1] for s in d.image_sets if "/" in s.directory.strip("/")}
    named = basename(d.beside.data_folder.rstrip("/")) if d.beside else ""
    folder = named or (next(iter(tops)) if len(tops) == 1 else "")
    thumbnail = join(d.beside.data_folder, d.beside.thumbnail) if d.beside and d.beside.thumbnail else ""
    listed = (("category", "category"), ("header_format", "header format"), ("data_format", "data format"),
              ("voxel_type", "voxel type"))  # fmt: skip
    facts: dict[str, Any] = {
        "d": d,
        "release": RELEASES.get(d.release, d.release),
        "folder": folder,
        "data": quote(d.beside.data_folder if named and d.beside else folder or "DATA_FOLDER"),
        "tops": sorted(tops),
        "thumbnail": quote(thumbnail) if thumbnail else "",
        "countries": list(dict.fromkeys(c.country for c in (d.corresponding_author, *d.principal_investigators))),
        "movies": [s for s in d.image_sets if s.category == codes.word("category", "T2")],
        "others": [(s.name, what, getattr(s, field)) for s in d.image_sets for field, what in listed
                   if not codes.code(field, getattr(s, field))],
    }  # fmt: skip
    return environment().get_template("next_steps.md.j2").render(facts)
