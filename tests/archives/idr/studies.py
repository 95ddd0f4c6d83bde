"""Studies for IDR as plain data: a small screen of two plates, and a study with a screen and an experiment."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rembi_sheets.archives import package
from rembi_sheets.archives.idr.document import Study
from rembi_sheets.submission import Submission
from tests.support import TODAY, study, submission

idr = package("idr")

RESULTS = "results/hits.tsv"
HITS = b"Compound Name\tZ-score\tHas Phenotype\tPhenotype 1\nnocodazole\t4.20\tyes\tmitosis arrested\nDMSO\t0.10\t\t\n"


def well(plate: str, name: str, compound: str, **cells: Any) -> dict[str, Any]:
    return {
        "Path": f"{plate}.zarr",
        "Image data": "Plate images",
        "Plate": plate,
        "Well": name,
        "Compound Name": compound,
        "Dose": "10",
        "Dose Unit": "micromolar",
        **cells,
    }


SCREEN: dict[str, Any] = study(
    Study={
        "Study title": "A compound screen for mitotic delay in HeLa cells",
        "Study type": "high content screen",
        "Archives": "IDR",
        "License": "CC BY 4.0",
        "Release date": dt.date(2027, 1, 31),
        "IDR study word": "kinaseinhibitors",
    },
    Study_components=[
        {
            "Name": "Primary screen",
            "Imaging method": "fluorescence microscopy",
            "Study component description": "Twelve kinase inhibitors in two plates.",
            "Scale": "cell",
            "Screen type": "primary screen",
            "Screen technology": "compound screen",
            "Library type": "compound library",
            "Library manufacturer": "Example Chemicals",
            "Library description": "Twelve inhibitors were chosen.",
        }
    ],
    Biosamples=[
        {
            "Identity": "HeLa cells",
            "Biological entity": "HeLa",
            "Organism": "Homo sapiens",
            "Experimental variables": "Compound; Dose",
        }
    ],
    Specimens=[
        {
            "Name": "Stained cells",
            "Biosample": "HeLa cells",
            "Preparation method": "Inhibitors were added for 24 h.",
            "Growth protocol": "Grown in DMEM.",
        }
    ],
    Channels=[
        {"Specimen": "Stained cells", "Channel name": "Hoechst", "Channel - biological entity": "DNA"},
        {"Specimen": "Stained cells", "Channel name": "Alexa488", "Channel - biological entity": "tubulin"},
    ],
    Image_data=[
        {
            "Name": "Plate images",
            "Study component": "Primary screen",
            "Type": "primary image",
            "Image acquisition": "Light sheet 20x",
            "Specimen": "Stained cells",
            "Format & compression": "OME-Zarr",
        }
    ],
    Analysed_data=[
        {
            "Name": "Mitotic index",
            "Image data": "Plate images",
            "Analysis result type": "numerical measurements",
            "Analysis method and details": "Cells in mitosis were counted.",
            "Result files": RESULTS,
            "Result description": "One row a compound.",
            "Result level": "processed",
        }
    ],
    Phenotypes=[
        {
            "Name": "mitosis arrested",
            "Analysed data": "Mitotic index",
            "Description": "z-score of mitotic index above 3",
            "Score type": "automatic",
            "Annotation level": "multiple replicates of reagent",
            "Phenotype term": "mitosis arrested",
        }
    ],
    Processed_data_columns=[
        {
            "Analysed data": "Mitotic index",
            "Column name": name,
            "Column type": type_,
            "Annotation level": level,
            "Links to Files": link,
        }
        for name, type_, level, link in (
            ("Compound Name", "reagent identifier", None, "yes"),
            ("Z-score", "data", "multiple replicates of reagent", None),
            ("Has Phenotype", "other", None, None),
            ("Phenotype 1", "phenotype", "multiple replicates of reagent", None),
        )
    ],
    Files=[
        well("plate1", "A1", "DMSO", **{"Experimental status": "negative control"}),
        well("plate1", "A2", "nocodazole", **{"Experimental status": "test"}),
        well("plate2", "A1", "DMSO", **{"Experimental status": "negative control"}),
        well("plate2", "A2", "roscovitine", **{"Experimental status": None}),
    ],
)


def screen(attachments: Mapping[str, bytes] | None = None, **sheets: Any) -> Submission:
    """The screen, whole sheets replaced as in `study`, with the bytes of its results."""
    data = {**SCREEN}
    for name, content in sheets.items():
        title = name.replace("_", " ")
        data[title] = {**SCREEN[title], **content} if title == "Study" else content
    return replace(submission(data), attachments={RESULTS: HITS} if attachments is None else attachments)


def files(found: Submission) -> dict[str, str]:
    """Every file of a submission as text, its study's folder left out of the names."""
    document: Study = idr.build(found, TODAY).document
    return {
        name.removeprefix(f"{document.name}/"): (c if isinstance(c, bytes) else b"".join(c())).decode("utf-8")
        for name, c in idr.render(document).files.items()
    }


def both() -> Submission:
    """A study of a screen and an experiment, of human and mouse."""
    data = copy.deepcopy(SCREEN)
    data["Study components"].append(
        {
            "Name": "Embryos",
            "Imaging method": "confocal microscopy; bright-field microscopy",
            "Study component description": "Embryos at two stages.",
            "Scale": "organism",
        }
    )
    data["Biosamples"].append(
        {
            "Identity": "Mouse embryo",
            "Biological entity": "heart",
            "Biological entity ID": "UBERON:0000948",
            "Organism": "Mus musculus",
            "Intrinsic variable": "Strain: C57BL/6; born in spring",
            "Extrinsic variable": "Temperature: 34 degrees Celsius",
            "Experimental variables": "Stage of the embryo",
        }
    )
    data["Specimens"].append({"Name": "Cleared embryo", "Biosample": "Mouse embryo", "Preparation method": "Cleared."})
    data["Image data"] += [
        {
            "Name": "Embryo stacks",
            "Study component": "Embryos",
            "Type": "primary image",
            "Image acquisition": "Light sheet 20x",
            "Specimen": "Cleared embryo",
            "Format & compression": "TIFF",
            "Compression": "LZW",
            "Dimension extents - X": 512,
            "Dimension extents - Y": 256,
            "Pixel/voxel size - X": 0.5,
            "Pixel/voxel size - Y": 0.5,
            "Pixel/voxel size unit": "µm",
        },
        {
            "Name": "Masks",
            "Study component": "Embryos",
            "Type": "segmentation",
            "Made from image data": "Embryo stacks",
            "Image processing method": "Segmented with a network.\nThen smoothed.",
        },
    ]
    data["Files"] += [
        {"Path": "e/1.tif", "Image data": "Embryo stacks", "Dataset": "day 8", "Stage of the embryo": "E8.5"},
        {"Path": "e/2.tif", "Image data": "Embryo stacks", "Dataset": "day 9", "Stage of the embryo": "E9.5"},
        {"Path": "m/1.tif", "Image data": "Masks", "Source image": "e/1.tif", "Stage of the embryo": "E8.5"},
    ]
    return replace(submission(data), attachments={RESULTS: HITS})
