"""A good study in which faults are planted: every archive takes it, and it holds a row of nearly every sheet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.support import study

GOOD: dict[str, Any] = study(
    Study={
        "Study title": "Nuclei of kidney organoids under light and electrons",
        "Study description": "Nuclei were followed for two days, then the same organoids were cut and imaged again.",
        "Funding statement": "This work was supported by the Example Fund.",
        "Release date": dt.date(2027, 1, 15),
        "Data folder": "organoids",
        "EMPIAR release": "HP - with the publication",
        "EMPIAR entry type": "CLEM",
        "Thumbnail image": "thumbnail.png",
        "IDR study word": "organoids",
        "Request a DOI": "yes",
    },
    People=[
        {
            "First name(s)": "Ada",
            "Last name": "Beispielin",
            "ORCID": "0000-0002-1825-0097",
            "E-mail": "ada@example.org",
            "Organisation": "Test University",
            "Role": "corresponding author; principal investigator",
        },
        {"First name(s)": "Bo", "Last name": "Muster", "E-mail": "bo@example.org", "Organisation": "Second University"},
    ],
    Organisations=[
        {
            "Name": "Test University",
            "ROR ID": "https://ror.org/02mhbdp94",
            "Street": "Main street 1",
            "Town or city": "Heidelberg",
            "State or province": "Baden",
            "Postcode": "69117",
            "Country": "Germany",
        },
        {"Name": "Second University", "Town or city": "Oslo", "Postcode": "0150", "Country": "Norway"},
    ],
    Funding=[
        {"Funder": "Example Fund", "Grant ID": "EF-42"},
        {"Funder": "Example Fund", "Grant ID": "EF-97"},
        {"Funder": "Example Fund", "Grant ID": "EF-12"},
    ],
    Publications=[
        {
            "Title": "Moving nuclei",
            "Authors": "Beispielin A; Muster B",
            "Journal or book": "Journal of Examples",
            "Year": 2026,
            "DOI": "10.1234/abcd.5678",
            "PubMed ID": "123456",
            "PMC ID": "PMC7654321",
            "Published": "yes",
            "Publication type": "journal article",
        }
    ],
    Links=[
        {"Link": "https://example.org/protocol", "Description": "Protocol"},
        {"Link": "P12345", "Link type": "UniProt"},
        {"Link": "EMD-1234"},
    ],
    Study_components=[
        {
            "Name": "Light part",
            "Imaging method": "light sheet fluorescence microscopy",
            "Study component description": "Stacks of organoids.",
            "Scale": "cell",
        },
        {
            "Name": "Electron part",
            "Imaging method": "focused ion beam scanning electron microscopy",
            "Study component description": "Volumes of the same organoids.",
            "Scale": "cell",
        },
    ],
    Biosamples=[
        {
            "Identity": "Kidney cells",
            "Biological entity": "kidney",
            "Biological entity ID": "UBERON:0002113",
            "Organism": "Mus musculus",
            "Organism ID": "NCBITaxon:10090",
        },
        {
            "Identity": "Liver cells",
            "Biological entity": "liver",
            "Biological entity ID": "UBERON:0002107",
            "Organism": "Mus musculus",
            "Organism ID": "NCBITaxon:10090",
        },
    ],
    Specimens=[
        {
            "Name": "Cleared",
            "Biosample": "Kidney cells",
            "Preparation method": "Fixed, cleared and mounted.",
            "Growth protocol": "Grown in medium.",
            "Signal/contrast mechanism": "fluorescent protein",
        },
        {
            "Name": "Sliced",
            "Biosample": "Liver cells",
            "Preparation method": "Fixed with osmium and embedded.",
            "Growth protocol": "Grown in medium.",
            "Signal/contrast mechanism": "heavy metal staining",
        },
    ],
    Channels=[
        {
            "Specimen": "Cleared",
            "Channel name": "GFP",
            "Channel - content": "H2B-GFP",
            "Channel - biological entity": "nuclei",
        },
        {
            "Specimen": "Cleared",
            "Channel name": "RFP",
            "Channel - content": "mKate",
            "Channel - biological entity": "membrane",
        },
    ],
    Image_acquisition=[
        {
            "Name": "Sheet",
            "Instrument attributes": "Light sheet microscope with two cameras",
            "Image acquisition parameters": "a stack every 5 min",
        },
        {
            "Name": "Beam",
            "Instrument attributes": "FIB-SEM with gallium source",
            "Image acquisition parameters": "slices of 8 nm",
        },
    ],
    Image_data=[
        {
            "Name": "Stacks",
            "Study component": "Light part",
            "Type": "primary image",
            "Image acquisition": "Sheet",
            "Specimen": "Cleared",
            "Number of images": 2,
            "Format & compression": "TIFF",
            "Pixel type": "uint16",
            "Dimension extents - X": 1000,
            "Dimension extents - Y": 500,
            "Dimension extents - C": 2,
            "Pixel/voxel size - X": 0.5,
            "Pixel/voxel size - Y": 0.5,
            "Pixel/voxel size unit": "µm",
        },
        {
            "Name": "Volumes",
            "Study component": "Electron part",
            "Type": "primary image",
            "Image acquisition": "Beam",
            "Specimen": "Sliced",
            "Number of images": 1,
            "Format & compression": "MRC",
            "Pixel type": "uint8",
            "Dimension extents - X": 4000,
            "Dimension extents - Y": 4000,
            "Pixel/voxel size - X": 8,
            "Pixel/voxel size - Y": 8,
            "Pixel/voxel size unit": "nm",
        },
        {
            "Name": "Masks",
            "Study component": "Electron part",
            "Type": "segmentation",
            "Made from image data": "Volumes",
            "Number of images": 1,
            "Format & compression": "MRC",
            "Pixel type": "uint8",
            "Image processing method": "Segmented by hand.",
        },
    ],
    Image_correlation=[
        {
            "Name": "Overlay",
            "Image data": "Stacks; Volumes",
            "Spatial and temporal alignment": "By landmarks.",
            "Fiducials used": "none needed",
            "Transformation matrix/other info": "affine, in Supplement 1",
        }
    ],
    Analysed_data=[
        {
            "Name": "Tracks",
            "Image data": "Stacks",
            "Analysis result type": "numerical measurements",
            "Analysis method and details": "Nuclei were tracked.",
        }
    ],
    Files=[
        {"Path": "light/a.tif", "Image data": "Stacks", "Treatment": "none given"},
        {"Path": "light/b.tif", "Image data": "Stacks", "Treatment": "nocodazole"},
        {"Path": "beam/c.mrc", "Image data": "Volumes", "Treatment": "nocodazole"},
        {"Path": "masks/d.mrc", "Image data": "Masks", "Source image": "beam/c.mrc", "Treatment": "nocodazole"},
    ],
)
