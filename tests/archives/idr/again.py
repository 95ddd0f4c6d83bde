"""A record of IDR taken the whole way round: files -> document -> study -> tables -> study -> document -> files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rembi_sheets import checks, vocabularies
from rembi_sheets.archives import package
from rembi_sheets.archives.idr.document import Component, Study
from rembi_sheets.archives.idr.facts import headings, wells
from rembi_sheets.archives.idr.facts.columns import TERM_SOURCE, client_name
from rembi_sheets.archives.idr.facts.columns import known as well_known
from rembi_sheets.archives.idr.facts.sizes import alike
from rembi_sheets.findings import Finding
from rembi_sheets.submission import Submission, from_tables, to_tables
from tests.support import TODAY

idr = package("idr")


@dataclass(frozen=True)
class Round:
    """What went in, what came out, and what was said on the way."""

    before: Study
    after: Study
    files: Mapping[str, bytes]
    submission: Submission
    not_understood: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> set[str]:
        """The codes of what `check` calls errors."""
        return {f.code for f in self.findings if f.severity == "error"}


def around(files: Mapping[str, bytes]) -> Round:
    """Read, restored, written into tables, read from them, checked and converted."""
    before = idr.parse(files).document
    restored = idr.restore(before)
    tables = to_tables(restored.submission)
    sub = replace(from_tables(tables), attachments=restored.submission.attachments)
    found = [*checks.check(tables, ("idr",)), *checks.check_submission(sub, ("idr",)), *idr.check(sub, TODAY)]
    rendered = idr.render(idr.build(sub, TODAY).document)
    made = {n: c if isinstance(c, bytes) else b"".join(c()) for n, c in rendered.files.items()}
    return Round(before, idr.parse(made).document, made, sub, restored.not_understood, tuple(found))


# columns that name a row: no ontology beside them is theirs
KEYS = (headings.PLATE, headings.WELL, headings.WELL_NUMBER, headings.DATASET, headings.IMAGE, headings.IMAGE_FILE)
_PHENOTYPE = re.compile(r"Phenotype \d+((?: Term .*)?)\Z")
_LONE = re.compile(r"Phenotype((?: Term .*)?)\Z")  # the one phenotype of a table needs no number

Item = tuple[str, str, str]
"""Where, under which key or heading, what."""


# words of these are the same where they are spellings of one entry of a list
_LISTS = {
    "Cell Line": "biological_entity",
    "Organism Part": "biological_entity",
    "Material Type": "biological_entity",
    "Control Type": "experimental_status",
    "Raw Image Data Format": "file_format",
    "Study Type": "study_type",
    "Experiment Imaging Method": "imaging_method",
    "Screen Imaging Method": "imaging_method",
}


def meaning(key: str, value: str) -> str:
    """A value as compared: case, blanks, marks at the end, and the forms of identifiers and addresses do not matter."""
    value = " ".join(value.split()).casefold().replace('"', "'").strip(" .;:'")
    value = re.sub(r"^https?://(?:dx\.)?doi\.org/|^https?://", "", value)
    if key.endswith(("Accession", "ID")):
        value = ";".join(re.sub(r"^[a-z]+_|^ncbitaxon ", "", v.strip()) for v in value.replace(":", "_").split(";"))
    if key.endswith("REF"):
        value = value.replace(" ", "")
    if key in _LISTS:
        value = vocabularies.listed(value, _LISTS[key]).casefold() or value
    if key == headings.CHANNELS:
        return " ".join(sorted(set(re.findall(r"\w+", value))))
    if key.endswith(" Size"):
        return alike(value)
    if value in ("none", "n/a") and key.endswith("Experimental Conditions"):
        return ""
    if key == "Study Person ORCID":
        return re.sub(r"^(?:www\.)?orcid\.org/", "", value)
    if key == "Study Person Roles":
        return " ".join(re.split(r"\s*[,;]\s*|\s+and\s+", value))
    if key == "Study Person Address":
        last = value.rpartition(",")[2].strip()
        country = vocabularies.resolve(last, "country").entry if last else None
        value = value.removesuffix(last) + country.label.casefold() if country else value
    if key in ("Study Person Address", "Study Author List"):
        return " ".join(sorted(re.findall(r"\w+", value)))
    return re.sub(r"ac?quis[it]*on", "acquisition", value)


def lines(study: Study) -> Iterator[Item]:
    """What the lines of a study file say; names of files, formats and ontologies alone say nothing of the study."""
    parts = [("study", study.blocks), *((c.folder, c.blocks) for c in study.components)]
    for where, blocks in parts:
        for block in blocks:
            for line in block.lines:
                if re.search(r"Term Source|File Format|File Name|Assay File|Term Accession\Z", line.key):
                    continue
                for value in line.values:
                    if meaning(line.key, value) and not value.startswith("# ") and not value.rstrip().endswith(":"):
                        yield where, line.key, value


def cells(component: Component) -> dict[tuple[str, str], dict[str, str]]:
    """The cells of an annotation by what names their row, then by heading without brackets.

    Without an annotation they are those of the library or the assays file.
    """
    out: dict[tuple[str, str], dict[str, str]] = {}
    table = component.annotation if component.annotation.header else component.layout
    for row in table:
        said = dict(zip(table.header, row, strict=True))
        plate = said.get(headings.PLATE)
        key = (
            (plate.strip(), wells.key(said[headings.WELL]))
            if plate is not None
            else (
                said.get(headings.DATASET, "").strip(),
                said.get(headings.IMAGE, said.get(headings.IMAGE_FILE, "")).strip(),
            )
        )
        of: dict[str, str] = {}
        before = ""
        for heading, value in said.items():
            term = TERM_SOURCE.match(heading) if before not in KEYS else None
            name = f"{before} {term[1]}" if term else well_known(client_name(heading.strip()))[0]
            before = before if term else name
            name = _LONE.sub(r"Phenotype 1\1", name)
            if value.strip() and (found := _PHENOTYPE.match(name)):
                name = f"Phenotype{found[1]} {meaning('', value)}"  # which a row has, whatever their numbers
            if value.strip():
                of[f"{name} 2" if name in of else name] = value
        out.setdefault(key, of)
    return out


def items(before: Study, after: Study) -> tuple[int, list[Item]]:
    """How many things the first study says, and those that the second does not."""
    number, missing = 0, list[Item]()
    said = [(key, meaning(key, v)) for _, key, v in lines(after)]
    known = set(said)
    texts = " | ".join(v for _, v in said)
    for where, key, value in lines(before):
        number += 1
        mine = meaning(key, value)
        if (key, mine) not in known and mine not in texts and meaning("", value) not in texts:
            missing.append((where, key, value))
    for first, second in zip(before.components, after.components, strict=True):
        others = cells(second)
        for row, of in cells(first).items():
            for name, value in of.items():
                number += 1
                there = others.get(row, {})
                held = {meaning(name, there.get(n, "")) for n in (name, f"{name} 2", name.removesuffix(" 2"))}
                if meaning(name, value) not in held:
                    missing.append((first.folder, name, value))
    return number, missing
