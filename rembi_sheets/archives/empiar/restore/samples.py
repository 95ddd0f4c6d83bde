"""Rows that several image sets share: components, samples, channels, acquisitions, correlations, analyses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rembi_sheets import compose
from rembi_sheets.archives.empiar.document import ImageSet
from rembi_sheets.archives.empiar.facts.image_sets import COORDINATES, WORKFLOW
from rembi_sheets.archives.empiar.restore.details import Details, labelled, named
from rembi_sheets.archives.empiar.restore.places import below, is_coordinates
from rembi_sheets.archives.shared.restoring import Row, Sheets

_CHANNEL = re.compile(r"(?P<name>.*?) \((?P<content>.+)\)", re.DOTALL)


@dataclass
class Known:
    """Rows by their names, over all image sets; `finish` fills what only all sets together tell."""

    sheets: Sheets
    methods: dict[str, list[list[str]]] = field(default_factory=dict)
    told: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    of_acquisition: dict[str, list[str]] = field(default_factory=dict)

    def row(self, sheet: str, where: str, cells: Mapping[str, Any]) -> Row:
        """The row of this name; what is said of it a second time, and differs, is noted."""
        key = self.sheets.schema[sheet].key[0]
        known = self.sheets.named(sheet, cells[key])
        if known is None:
            return self.sheets.add(sheet, where, cells)
        for name, text in cells.items():
            value = self.sheets.value(self.sheets.schema[sheet][name], text, where)
            if value is not None and known.setdefault(name, value) != value:
                self.sheets.note(f"{where}, {self.sheets.schema[sheet][name].label} of {cells[key]}", str(text))
        return known

    def component(self, title: str, text: str, methods: list[str]) -> str:
        """A study component; its name."""
        name = self.sheets.title(title, "Study component")
        self.row("study_components", name, {"name": name, "description": text})
        self.methods.setdefault(name, []).append(methods)
        return name

    def samples(self, details: Details, image: str, where: str) -> Row:
        """Biosamples and specimens of a set; what the row of Image data says of them."""
        pending: list[str] = []
        told: list[str] = []
        specimens: list[str] = []
        for label, said in details.groups:
            if label == "Biosample":
                pending.append(self._biosample(said, where))
                told.append(pending[-1])
            elif label == "Specimen":
                specimens.append(self._specimen(said, pending or told, image, where))
                pending = []
        self.told[image] = (specimens, told)
        return {"specimens": tuple(specimens)} if specimens else {"biosamples": tuple(told)} if told else {}

    def _biosample(self, said: Mapping[str, str], where: str) -> str:
        name, description = named(said["Biosample"])
        name = self.sheets.title(name, where)
        cells = {
            "identity": name,
            "description": description,
            "organisms": labelled(said.get("Organism", "")),
            "biological_entities": labelled(said.get("Biological entity", "")),
            "intrinsic_variables": labelled(said.get("Intrinsic variable", "")),
            "extrinsic_variables": labelled(said.get("Extrinsic variable", "")),
            "experimental_variables": said.get("Experimental variables", ""),
        }
        self.row("biosamples", where, cells)
        return name

    def _specimen(self, said: Mapping[str, str], biosamples: Sequence[str], image: str, where: str) -> str:
        name = self.sheets.title(said["Specimen"], where)
        cells = {
            "name": name,
            "experimental_status": said.get("Experimental status", ""),
            "location": said.get("Location", ""),
            "preparation": said.get("Preparation", ""),
            "growth_protocol": said.get("Growth", ""),
            "signal_contrast": said.get("Signal/contrast", ""),
        }
        row = self.row("specimens", where, cells)
        row["biosamples"] = tuple(dict.fromkeys((*(row.get("biosamples") or ()), *biosamples))) or None  # type: ignore[misc]
        for text in said["Channels"].split("; ") if "Channels" in said else ():
            self._channel(text, name, image, where)
        return name

    def _channel(self, text: str, specimen: str, image: str, where: str) -> None:
        bare, methods = compose.out_of_brackets(text, self.sheets.schema["channels"], "content")
        found = _CHANNEL.fullmatch(bare)
        cells: dict[str, Any] = {
            "specimens": [specimen],
            "channel_name": found["name"] if found else bare,
            "content": found["content"] if found else "",
            **{m.column: m.value for m in methods},
        }
        row = self.sheets.add("channels", where, cells)
        rows = self.sheets.rows["channels"]
        same = next((r for r in rows[:-1] if {k: v for k, v in r.items() if k != "image_data"} == row), None)
        if same is not None:
            rows.pop()
            row = same
        row["image_data"] = (*(row.get("image_data") or ()), image)  # type: ignore[misc]

    def acquisition(self, details: Details, methods: Sequence[str], where: str) -> Row:
        """The acquisition of a set; of several (of what it was made from) none is its own."""
        names = []
        for said in details.of("Image acquisition"):
            name = self.sheets.title(said["Image acquisition"], where)
            cells = {"name": name, "instrument": said.get("Instrument", ""), "parameters": said.get("Acquisition", "")}
            self.row("image_acquisition", where, cells)
            self.of_acquisition.setdefault(name, [])
            self.of_acquisition[name] += [m for m in methods if m not in self.of_acquisition[name]]
            names.append(name)
        return {"image_acquisition": names[0]} if len(names) == 1 else {}

    def analyses(self, details: Details, image: str, found: ImageSet, folder: str) -> None:
        """Correlations and analyses of a set, with the result files that the set names."""
        for said in details.of("Image correlation"):
            cells = {
                "name": self.sheets.title(said["Image correlation"], image),
                "alignment": said.get("Alignment", ""),
                "fiducials": said.get("Fiducials", ""),
                "transformation": said.get("Transformation", ""),
                "related_images": said.get("Related images", ""),
            }
            _of(self.row("image_correlation", image, cells), image)
        made = []
        for said in details.of("Analysis"):
            name, method = named(said["Analysis"])
            cells = {
                "name": self.sheets.title(name, image),
                "method": method,
                "result_type": said.get("Result type", ""),
                "data_used": said.get("Data used", ""),
            }
            made.append(_of(self.row("analysed_data", image, cells), image))
        given = [found.particles_pattern] if is_coordinates(found, found.particles_pattern) else []
        given += [f"{found.particles_directory}/"] if found.particles_directory else []
        given += details.first.get("Particle coordinates", [])
        self._results(made, [_path(p, folder) for p in given], COORDINATES, f"Particle coordinates of {image}", image)
        others = [_path(p, folder) for text in details.first.get("Result files", ()) for p in text.split("; ")]
        self._results(made, others, "", f"Results of {image}", image)

    def _results(self, made: Sequence[Row], paths: Sequence[str], kind: str, name: str, image: str) -> None:
        """Result files of the analysis of their kind, else of one of their own."""
        if not paths:
            return
        fitting = [r for r in made if (r.get("result_type") == kind if kind else r.get("result_type") != COORDINATES)]
        row = fitting[0] if fitting else self.sheets.add("analysed_data", image, {"name": name, "result_type": kind})
        if not fitting:
            _of(row, image)
        row["result_files"] = tuple(dict.fromkeys((*(row.get("result_files") or ()), *paths)))  # type: ignore[misc]

    def workflow(self, path: str, images: Sequence[str], folder: str) -> None:
        """The workflow file, of the analysis that is one."""
        if path:
            rows = [r for r in self.sheets.rows.get("analysed_data", ()) if r.get("result_type") == WORKFLOW]
            if not rows:
                cells = {"name": "Workflow", "result_type": WORKFLOW, "image_data": images}
                rows = [self.sheets.add("analysed_data", "workflow", cells)]
            rows[0]["result_files"] = (below(path, folder), *(rows[0].get("result_files") or ()))  # type: ignore[misc]


def finish(known: Known, scale: str) -> None:
    """Methods of components, or of acquisitions where the sets of a component differ; samples of each set."""
    rows = {str(r["name"]): r for r in known.sheets.rows.get("study_components", ())}
    column = known.sheets.schema["study_components"]["imaging_methods"]
    for name, found in known.methods.items():
        whole = list(dict.fromkeys(m for methods in found for m in methods))
        rows[name]["imaging_methods"] = known.sheets.value(column, whole, name)
        if any(methods != found[0] for methods in found):
            for row in known.sheets.rows.get("image_acquisition", ()):
                methods = known.of_acquisition.get(str(row["name"]), [])
                row["imaging_methods"] = known.sheets.value(column, methods, name)
    first = next(iter(rows.values()), None)
    if first is not None and scale:
        first["scale"] = known.sheets.value(known.sheets.schema["study_components"]["scale"], scale, "scale")
    shown = {r["name"]: r.get("biosamples") or () for r in known.sheets.rows.get("specimens", ())}
    for row in known.sheets.rows.get("image_data", ()):
        specimens, told = known.told.get(str(row["name"]), ([], []))
        if specimens and {b for s in specimens for b in shown[s]} != set(told):  # type: ignore[union-attr]
            row["biosamples"] = tuple(told)
    for row in known.sheets.rows.get("channels", ()):
        specimen = row["specimens"][0]  # type: ignore[index]
        if set(row["image_data"]) == {i for i, (s, _) in known.told.items() if specimen in s}:  # type: ignore[arg-type]
            del row["image_data"]


def _path(text: str, folder: str) -> str:
    """A path of the entry below the data folder, or an address as it is; a folder keeps its slash."""
    if "://" in text:
        return text
    return below(text, folder) + ("/" if text.endswith("/") else "")


def _of(row: Row, image: str) -> Row:
    row["image_data"] = tuple(dict.fromkeys((*(row.get("image_data") or ()), image)))  # type: ignore[misc]
    return row
