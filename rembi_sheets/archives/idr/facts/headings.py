"""Headings of IDR's tables that follow from the records, each in one place: what `build` writes, `restore` reads."""

from __future__ import annotations

from typing import Final

PLATE: Final = "Plate"
WELL: Final = "Well"
WELL_NUMBER: Final = "Well Number"
DATASET: Final = "Dataset Name"
IMAGE: Final = "Image Name"
IMAGE_FILE: Final = "Image File"
SOURCE: Final = "Source Name"
ASSAY: Final = "Assay Name"
PROTOCOL_REF: Final = "Protocol REF"
PROCESSED_FILE: Final = "Processed Data File"

ORGANISM: Final = "Characteristics [Organism]"
CHARACTERISTICS: Final = "Characteristics"
CONDITION: Final = "Experimental Condition"
COMMENT: Final = "Comment"
# kinds of biological entities and the heading of each
ENTITIES: Final = {
    "cell line": "Characteristics [Cell Line]",
    "cell type": "Characteristics [Cell Type]",
    "organism part": "Characteristics [Organism Part]",
    "strain": "Characteristics [Strain]",
    "other": "Material Type",
}
OTHER_ENTITY: Final = "Comment [Biological Entity]"

CONTROL: Final = "Control Type"
CHANNELS: Final = "Channels"
CHANNEL_CONTENT: Final = "Comment [Channel Content]"
SPECIMEN: Final = "Comment [Specimen]"
DESCRIPTION: Final = "Comment [Sample Description]"
UNNAMED: Final = "Comment [Intrinsic Variable]"
LOCATION: Final = "Comment [Location within Biosample]"
SIGNAL: Final = "Comment [Signal or Contrast Mechanism]"
PATH: Final = "Comment [Image File Path]"
FILE_COMMENTS: Final = "Comment [Image File Comments]"
FILE_TYPE: Final = "Comment [Image File Type]"
FILE_FORMAT: Final = "Comment [Image File Format]"
PIXEL_SIZE: Final = "Comment [Pixel size]"
SIZE: Final = "Comment [Size Description]"
TILTS: Final = "Comment [Tilts or Views]"
SOURCE_DATA: Final = "Comment [Source Image Data]"
SOURCE_IMAGE: Final = "Comment [Source Image]"

HAS_PHENOTYPE: Final = "Has Phenotype"
PHENOTYPE_LEVEL: Final = "Phenotype Annotation Level"
