"""The by-product for BIA's staff: REMBI beside the EMPIAR entry, in the form their ingest of EMPIAR entries reads.

Source of the form: the closed models of BioImage-Archive/bia-integrator, ro-crate-ingest, empiar/proposal.py, and its
proposals/*.yaml (2025-2026). What it has no field for stands as labelled lines in a description. Dataset titles are
the names of the image sets.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rembi_sheets import derive, vocabularies
from rembi_sheets.archives.empiar.facts import paths
from rembi_sheets.archives.empiar.facts.details import with_id
from rembi_sheets.archives.empiar.facts.paths import Files
from rembi_sheets.records import Biosample, ImageAcquisition, ImageData, Specimen
from rembi_sheets.submission import Submission
from rembi_sheets.values import Term

Data = dict[str, Any]


def rembi(sub: Submission, files: Files, images: tuple[ImageData, ...]) -> Data:
    """The content of rembi.yml for image data that go to EMPIAR."""
    specimens = _unique(s for d in images for s in derive.specimens(d))
    samples = _unique(b for d in images for s in derive.specimens(d) for b in derive.biosamples(d, s))
    acquisitions = _unique(a for d in images for a in derive.acquisitions(d))
    annotations = [a for a in sub.annotations if set(a.image_data) & set(images)]
    analyses = _unique(a for d in images for a in derive.analyses(sub, d))
    correlations = _unique(c for d in images for c in derive.correlations(sub, d))
    rembis: Data = {
        "BioSample": [_biosample(b, specimens) for b in samples],
        "SpecimenImagingPreparationProtocol": [_preparation(sub, s) for s in specimens],
        "Specimen": [
            {"title": specimen_title(s, b), "biosample_title": b.identity,
             "specimen_imaging_preparation_protocol_title": [s.name]}
            for s in specimens for b in s.biosamples if b in samples
        ],
        "ImageAcquisitionProtocol": [_acquisition(sub, a) for a in acquisitions],
        "AnnotationMethod": [
            {"title": a.name, "protocol_description": _lines(("", a.overview), ("", a.method), ("Criteria", a.criteria),
             ("Coverage", a.coverage), ("Confidence", a.confidence)), "method_type": list(a.types)}
            for a in annotations
        ],
        "Protocol": [
            *({"title": growth_title(s), "protocol_description": s.growth_protocol} for s in specimens
              if s.growth_protocol),
            *({"title": processing_title(d), "protocol_description": d.processing} for d in images if d.processing),
        ],
    }  # fmt: skip
    dataset_rembis: Data = {
        "ImageAnalysisMethod": [
            {"title": a.name, "protocol_description": _lines(("", a.method), ("Result type", a.result_type),
             ("Data used", a.data_used), ("Result files", "; ".join(a.result_files)),
             ("Result", a.result_description))}
            for a in analyses
        ],
        "ImageCorrelationMethod": [
            {"title": c.name, "protocol_description": _lines(("", c.alignment),
             ("Related images", "; ".join(c.related_images))),
             **{k: v for k, v in (("fiducials_used", c.fiducials), ("transformation_matrix", c.transformation)) if v}}
            for c in correlations
        ],
    }  # fmt: skip
    return {
        "accession_id": "",
        "paper_doi": [f"https://doi.org/{p.doi}" for p in sub.publications if p.doi],
        "rembis": {kind: items for kind, items in rembis.items() if items},
        "dataset_rembis": {kind: items for kind, items in dataset_rembis.items() if items},
        "datasets": [_dataset(sub, files, d) for d in images],
    }


def specimen_title(specimen: Specimen, sample: Biosample) -> str:
    """A specimen of several biosamples is one for each, as the form takes one biosample."""
    return specimen.name if len(specimen.biosamples) == 1 else f"{specimen.name} / {sample.identity}"


def growth_title(specimen: Specimen) -> str:
    """Title of the growth protocol of a specimen."""
    return f"Growth: {specimen.name}"


def processing_title(image: ImageData) -> str:
    """Title of the protocol by which image data were processed."""
    return f"Processing: {image.name}"


def _biosample(sample: Biosample, specimens: tuple[Specimen, ...]) -> Data:
    growth = [growth_title(s) for s in specimens if sample in s.biosamples and s.growth_protocol]
    return {
        "title": sample.identity,
        "biological_entity_description": _lines(
            ("", "; ".join(with_id(e) for e in sample.biological_entities)),
            ("", sample.description),
            *(("Intrinsic variable", with_id(v)) for v in sample.intrinsic_variables),
            *(("Extrinsic variable", with_id(v)) for v in sample.extrinsic_variables),
            ("Experimental variables", "; ".join(sample.experimental_variables)),
        ),
        "organism_classification": [_taxon(o) for o in sample.organisms],
        **({"growth_protocol_title": growth} if growth else {}),
    }


def _taxon(organism: Term) -> Data:
    taxon: Data = {"common_name": derive.common_name(organism), "scientific_name": organism.label}
    if organism.id.startswith("NCBITaxon:"):
        taxon["ncbi_id"] = organism.id.replace("NCBITaxon:", "NCBI:txid")
    return taxon


def _preparation(sub: Submission, specimen: Specimen) -> Data:
    channels = derive.channels(sub, specimen)
    shown = (
        ": ".join(t for t in (c.channel_name, c.content, c.biological_entity) if t) + derive.light(sub, c)
        for c in channels
    )
    return {
        "title": specimen.name,
        "protocol_description": _lines(
            ("", specimen.preparation),
            ("Experimental status", specimen.experimental_status),
            ("Location", specimen.location),
            ("Signal/contrast", "; ".join(specimen.signal_contrast)),
            ("Channels", "; ".join(shown)),
        ),
    }


def _acquisition(sub: Submission, acquisition: ImageAcquisition) -> Data:
    methods = derive.methods(sub, acquisition)
    found = (vocabularies.resolve(m.label, "imaging_method").entry for m in methods)
    ids = [m.id or (e.id if e else "") for m, e in zip(methods, found, strict=True)]
    return {
        "title": acquisition.name,
        "protocol_description": acquisition.parameters,
        "imaging_instrument_description": acquisition.instrument,
        "fbbi_id": [f"obo:{i.replace(':', '_')}" for i in ids if i.startswith("FBbi:")],
        "imaging_method_name": [m.label for m in methods],
    }


def _dataset(sub: Submission, files: Files, image: ImageData) -> Data:
    references: list[Data] = []
    for a in derive.acquisitions(image):
        references.append({"image_acquisition_protocol_title": [a.name]})
    for s in derive.specimens(image):
        references.append({"specimen_imaging_preparation_protocol_title": [s.name]})
        references += [{"bio_sample_title": [b.identity]} for b in derive.biosamples(image, s)]
    if image.processing:
        references.append({"protocol_title": [processing_title(image)]})
    references += [{"image_analysis_method_title": [a.name]} for a in derive.analyses(sub, image)]
    references += [{"image_correlation_method_title": [c.name]} for c in derive.correlations(sub, image)]
    references += [{"annotation_method_title": [a.name]} for a in sub.annotations if image in a.image_data]
    shown = [(s, b) for s in derive.specimens(image) for b in derive.biosamples(image, s)]
    return {
        "title": image.name,
        "assigned_dataset_rembis": _distinct(references),
        "assigned_images": [_assigned(sub, files, image, *shown[0])] if len(shown) == 1 else [],
    }


def _assigned(sub: Submission, files: Files, image: ImageData, specimen: Specimen, sample: Biosample) -> Data:
    """All images of a set that shows one specimen; * becomes {}, the form's sign for any text."""
    pattern = image.path_pattern
    if not pattern:
        pattern = files.of(image).pattern
    elif pattern.endswith("/"):
        pattern += "*"
    return {
        "label_prefix": image.name,
        "file_pattern": paths.in_entry(sub, pattern).removeprefix("data/").replace("*", "{}"),
        "specimen_title": specimen_title(specimen, sample),
        **({"protocol_title": [processing_title(image)]} if image.processing else {}),
    }


def _lines(*parts: tuple[str, str]) -> str:
    return "\n".join(f"{label}: {text}" if label else text for label, text in parts if text)


def _unique(items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(items))


def _distinct(items: list[Data]) -> list[Data]:
    return [d for i, d in enumerate(items) if d not in items[:i]]
