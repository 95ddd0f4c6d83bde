"""The keys of a study file: those that IDR's parser reads, those that its templates hold, and those that people read.

After pyidr (IDR/idr-utils) and the templates of IDR, August 2025; spelling and order are theirs.
"""

from __future__ import annotations

from typing import Final

STUDY_NEEDED: Final = (
    "Comment[IDR Study Accession]",
    "Study Title",
    "Study Description",
    "Study Type",
    "Study Publication Title",
    "Study Author List",
    "Study Public Release Date",
)
STUDY_KNOWN: Final = (
    *STUDY_NEEDED,
    "Study Type Term Source REF",
    "Study Type Term Accession",
    "Study Organism",
    "Study Organism Term Source REF",
    "Study Organism Term Accession",
    "Study Version History",
    "Study BioStudies Accession",
    "Study BioImage Archive Accession",
    "Study EMPIAR Accession",
    "Study Publication Preprint",
    "Study PubMed ID",
    "Study PMC ID",
    "Study DOI",
    "Study Copyright",
    "Study License",
    "Study License URL",
    "Study Data Publisher",
    "Study Data DOI",
    "Study Experiments Number",
    "Study Screens Number",
    "Study External URL",
    "Study Person Last Name",
    "Study Person First Name",
    "Study Person Email",
    "Study Person Address",
    "Study Person Roles",
    "Study Person ORCID",
    "Study Key Words",
    "Term Source Name",
    "Term Source URI",
)
# a spelling of older templates
STUDY_OLD: Final = ("Term Source File",)
# by kind of component, with {} for Experiment or Screen
COMPONENT_NEEDED: Final = (
    "{} Number",
    "Comment[IDR {} Name]",
    "{} Description",
    "{} Sample Type",
    "{} Imaging Method",
)
SCREEN_NEEDED: Final = ("Screen Type",)
COMPONENT_READ: Final = (
    "{} Data DOI",
    "{} Data Publisher",
    "{} Organism",
    "{} Organism Term Source REF",
    "{} Organism Term Accession",
)
# lines in a component that only people and IDR's join of screens read
COMPONENT_OTHER: Final = (
    "{} Size",
    "{} Example Images",
    "{} Imaging Method Term Source REF",
    "{} Imaging Method Term Accession",
    "{} Comments",
    "Quality Control Description",
    "Protocol Name",
    "Protocol Type",
    "Protocol Type Term Source REF",
    "Protocol Type Term Accession",
    "Protocol Description",
    "Phenotype Name",
    "Phenotype Description",
    "Phenotype Score Type",
    "Phenotype Term Source REF",
    "Phenotype Term Name",
    "Phenotype Term Accession",
    "Feature Level Data File Name",
    "Feature Level Data File Format",
    "Feature Level Data File Description",
    "Feature Level Data Column Name",
    "Feature Level Data Column Type",
    "Feature Level Data Column Description",
    "Processed Data File Name",
    "Processed Data File Format",
    "Processed Data File Description",
    "Processed Data Column Name",
    "Processed Data Column Type",
    "Processed Data Column Annotation Level",
    "Processed Data Column Description",
)
EXPERIMENT_OTHER: Final = (
    "Experiment Assay File",
    "Experiment Assay File Format",
    "Assay Experimental Conditions",
    "Assay Experimental Conditions Term Source REF",
    "Assay Experimental Conditions Term Accession",
    "Processed Data Column Link To Assay File",
)
SCREEN_OTHER: Final = (
    "Screen Technology Type",
    "Screen Technology Type Term Source REF",
    "Screen Technology Type Term Accession",
    "Screen Technology Term Source REF",
    "Screen Technology Term Accession",
    "Screen Type Term Source REF",
    "Screen Type Term Accession",
    "Library File Name",
    "Library File Format",
    "Library Type",
    "Library Type Term Source REF",
    "Library Type Term Accession",
    "Library Manufacturer",
    "Library Version",
    "Library Experimental Conditions",
    "Library Experimental Conditions Term Source REF",
    "Library Experimental Conditions Term Accession",
    "Raw Image Data Format",
    "Raw Image Organization",
    "Processed Data Column Link To Library File",
)
# keys that may stand more than once: blocks of protocols, and second mappings of phenotypes
REPEATED: Final = ("Protocol ", "Phenotype Term ")


def needed(kind: str) -> tuple[str, ...]:
    """Lines that a component of this kind (Experiment or Screen) must have."""
    return (*(k.format(kind) for k in COMPONENT_NEEDED), *(SCREEN_NEEDED if kind == "Screen" else ()))


def of_component(kind: str) -> frozenset[str]:
    """Every key that may stand in a component of this kind."""
    common = (k.format(kind) for k in (*COMPONENT_NEEDED, *COMPONENT_READ, *COMPONENT_OTHER))
    return frozenset((*common, *needed(kind), *(SCREEN_OTHER if kind == "Screen" else EXPERIMENT_OTHER)))
