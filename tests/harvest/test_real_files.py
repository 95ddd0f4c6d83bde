"""Real files: the true values of their index, or nothing where it says nothing. One line a value.

A number in `≈` may have more digits in the file than in the index; `-` says that there must be no value.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest

from rembi_sheets.harvest.model import Status
from tests.harvest import real

pytestmark = real.needs_files

TRUE = """
nikon_cluster.nd2 | sizes | T3 Z10 C2 Y31 X38
nikon_cluster.nd2 | type | uint16
nikon_cluster.nd2 | X | ≈0.167809 µm
nikon_cluster.nd2 | Y | ≈0.167809 µm
nikon_cluster.nd2 | Z | 0.5 µm
nikon_cluster.nd2 | channel 0 | 5-FAM/pH 9.0
nikon_cluster.nd2 | channel 1 | FM 4-64/2% CHAPS
nikon_cluster.nd2 | objective | Plan Apo λ 60x
nikon_cluster.nd2 | magnification | 60 x
nikon_cluster.nd2 | numerical_aperture | 0.95
nikon_cluster.nd2 | detector | Nikon A1plus
nikon_cluster.nd2 | channel 0 excitation_wavelength | 488 nm
nikon_cluster.nd2 | channel 1 excitation_wavelength | 561 nm
nikon_cluster.nd2 | channel 0 detection_wavelength | 525 nm
nikon_cluster.nd2 | channel 1 detection_wavelength | 700 nm
zeiss_CellDivision_T3_Z5_CH2.czi | sizes | T3 C2 Z5 Y170 X240
zeiss_CellDivision_T3_Z5_CH2.czi | type | uint16
zeiss_CellDivision_T3_Z5_CH2.czi | X | ≈0.0905767 µm
zeiss_CellDivision_T3_Z5_CH2.czi | Y | ≈0.0905767 µm
zeiss_CellDivision_T3_Z5_CH2.czi | Z | 0.32 µm
zeiss_CellDivision_T3_Z5_CH2.czi | channel 0 | LED555
zeiss_CellDivision_T3_Z5_CH2.czi | channel 1 | LED470
zeiss_CellDivision_T3_Z5_CH2.czi | channel 0 fluorophore | Alexa Fluor 555
zeiss_CellDivision_T3_Z5_CH2.czi | channel 0 exposure_time | 100 ms
zeiss_CellDivision_T3_Z5_CH2.czi | channel 1 exposure_time | 200 ms
zeiss_CellDivision_T3_Z5_CH2.czi | objective | Plan-Apochromat 50x/1.2
zeiss_CellDivision_T3_Z5_CH2.czi | immersion | Water
zeiss_CellDivision_T3_Z5_CH2.czi | numerical_aperture | 1.2
zeiss_CellDivision_T3_Z5_CH2.czi | detector | Axiocam506m
zeiss_LLS7_small.czi | sizes | T2 C2 Z3 Y64 X64
zeiss_LLS7_small.czi | type | uint16
zeiss_LLS7_small.czi | X | 0.144992 µm
zeiss_LLS7_small.czi | Y | 0.144992 µm
zeiss_LLS7_small.czi | Z | 0.144992 µm
zeiss_LLS7_small.czi | channel 0 exposure_time | 30 ms
zeiss_LLS7_small.czi | channel 0 excitation_wavelength | 561 nm
zeiss_LLS7_small.czi | channel 1 excitation_wavelength | 488 nm
zeiss_LLS7_small.czi | microscope | Lattice Lightsheet
zeiss_FOV7_HV110.czi | sizes | Y512 X512
zeiss_FOV7_HV110.czi | type | uint8
zeiss_FOV7_HV110.czi | X | -
zeiss_FOV7_HV110.czi | Y | -
zeiss_FOV7_HV110.ome.tiff | sizes | Y512 X512
zeiss_FOV7_HV110.ome.tiff | type | uint8
zeiss_FOV7_HV110.ome.tiff | X | -
zeiss_FOV7_HV110.ome.tiff | Y | -
gatan_STEM_image.dm3 | sizes | Y68 X68
gatan_STEM_image.dm3 | type | uint32
gatan_STEM_image.dm3 | X | ≈0.248538 nm
gatan_STEM_image.dm3 | Y | ≈0.248538 nm
fei_64x64_TEM_acquire_1.ser | sizes | Y64 X64
fei_64x64_TEM_acquire_1.ser | type | float32
fei_64x64_TEM_acquire_1.ser | X | ≈6.281834 nm
fei_64x64_TEM_acquire_1.ser | Y | ≈6.281834 nm
fei_64x64_TEM_acquire.emi | accelerating_voltage | 200 kV
fei_64x64_TEM_acquire.emi | electron_source | LaB6
thermo_FEI-Helios-Ebeam-8bits.tif | sizes | Y471 X512
thermo_FEI-Helios-Ebeam-8bits.tif | type | uint8
thermo_FEI-Helios-Ebeam-8bits.tif | X | 3.3724 µm
thermo_FEI-Helios-Ebeam-8bits.tif | Y | 3.3724 µm
thermo_FEI-Helios-Ebeam-8bits.tif | microscope | Helios NanoLab 660
thermo_FEI-Helios-Ebeam-8bits.tif | accelerating_voltage | 5 kV
thermo_FEI-Helios-Ebeam-8bits.tif | working_distance | 4.03466 mm
thermo_FEI-Helios-Ebeam-8bits.tif | beam_current | 0.00625 nA
thermo_FEI-Helios-Ebeam-8bits.tif | pixel_dwell_time | 10 µs
thermo_FEI-Helios-Ebeam-8bits.tif | detector_type | ETD SE
zeiss_SEM_1k.tif | sizes | Y768 X1024
zeiss_SEM_1k.tif | type | uint8
zeiss_SEM_1k.tif | X | 2.614514 µm
zeiss_SEM_1k.tif | Y | 2.614514 µm
zeiss_SEM_1k.tif | microscope | Zeiss Merlin
zeiss_SEM_1k.tif | instrument | Merlin-61-08
zeiss_SEM_1k.tif | accelerating_voltage | 25 kV
zeiss_SEM_1k.tif | working_distance | 14.808 mm
zeiss_SEM_1k.tif | magnification | 105 x
zeiss_SEM_1k.tif | beam_current | 1 nA
zeiss_SEM_1k.tif | detector_type | HE-SE2
tvips_bin4.tif | sizes | Y1024 X1024
tvips_bin4.tif | type | uint8
tvips_bin4.tif | X | ≈1.42080 nm
tvips_bin4.tif | Y | ≈1.42080 nm
tvips_bin4.tif | accelerating_voltage | 99 kV
tvips_bin4.tif | binning | 4x4
imagej_stack_scaled.tif | sizes | Z2 Y68 X68
imagej_stack_scaled.tif | type | float32
imagej_stack_scaled.tif | X | ≈0.168675 µm
imagej_stack_scaled.tif | Y | ≈0.168675 µm
imagej_stack_scaled.tif | Z | 2.5 µm
cellprofiler_Channel1-01-A-01.tif | sizes | Y640 X640
cellprofiler_Channel1-01-A-01.tif | X | -
cellprofiler_Channel1-01-A-01.tif | Y | -
EMD-3001.map | sizes | Z25 Y43 X73
EMD-3001.map | type | float32
EMD-3001.map | X | 0.45875 Å
EMD-3001.map | Y | 0.44825 Å
EMD-3001.map | Z | 0.3925 Å
ncem_temp.mrc | sizes | Z3 Y128 X128
ncem_temp.mrc | type | float32
ncem_temp.mrc | X | 2 Å
ncem_temp.mrc | Y | 2 Å
de_HAADFscan.mrc | sizes | Y16 X16
de_HAADFscan.mrc | type | uint16
de_HAADFscan.mrc | X | ≈56.79131 Å
de_HAADFscan.mrc | Y | ≈56.79131 Å
de_HAADFscan.mrc | Z | -
de_HAADFscan.mrc | microscope | Spectra
de_HAADFscan.mrc | acquisition_software | Velox
de_HAADFscan.mrc | detector | BM-Ceta
de_HAADFscan.mrc | accelerating_voltage | 300 kV
imaris_minimal.ims | sizes | Z1 Y128 X128
imaris_minimal.ims | type | uint16
imaris_minimal.ims | X | 0.0546875 µm
imaris_minimal.ims | Y | 0.0546875 µm
imaris_minimal.ims | Z | 0.1 µm
openslide_small.svs | sizes | Y16 X16 S3
openslide_small.svs | type | uint8
openslide_small.svs | X | 0.499 µm
openslide_small.svs | Y | 0.499 µm
openslide_small.svs | magnification | 20 x
openslide_small.svs | instrument | CPAPERIOCS
openslide_boxes_0.dcm | sizes | Y16 X16 S3
openslide_boxes_0.dcm | type | uint8
openslide_boxes_0.dcm | X | 0.000499 mm
openslide_boxes_0.dcm | Y | 0.000499 mm
serialem_tilt_series.mdoc | sizes | N41 Y958 X924
serialem_tilt_series.mdoc | frames | 8
serialem_tilt_series.mdoc | X | 5.4 Å
serialem_tilt_series.mdoc | tilt_angles | -60 to 60 by 3 °
serialem_tilt_series.mdoc | tilt_axis_angle | 85.3 °
serialem_tilt_series.mdoc | magnification | 105000 x
serialem_tilt_series.mdoc | accelerating_voltage | -
serialem_tilt_series.mdoc | total_dose | -
serialem_frame_set_single.mdoc | frames | 12
serialem_frame_set_single.mdoc | X | 1.2827 Å
serialem_frame_set_single.mdoc | accelerating_voltage | 300 kV
serialem_frame_set_single.mdoc | magnification | 33000 x
serialem_frame_set_single.mdoc | tilt_angles | 32.984 °
serialem_frame_set_single.mdoc | total_dose | 7.65892 e/Å²
serialem_frame_set_single.mdoc | energy_filter_slit_width | 20 eV
tomo5_murfey_test_1.mdoc | sizes | N11 Y4096 X4096
tomo5_murfey_test_1.mdoc | frames | 10
tomo5_murfey_test_1.mdoc | X | 1.94 Å
tomo5_murfey_test_1.mdoc | accelerating_voltage | 300 kV
tomo5_murfey_test_1.mdoc | magnification | 64000 x
tomo5_murfey_test_1.mdoc | tilt_angles | -12 to 18 by 3 °
tomo5_murfey_test_1.mdoc | tilt_axis_angle | 83.8 °
epu_FoilHole_19513699_Data.xml | sizes | Y2046 X2880
epu_FoilHole_19513699_Data.xml | frames | 50
epu_FoilHole_19513699_Data.xml | X | ≈1.0558814 Å
epu_FoilHole_19513699_Data.xml | accelerating_voltage | 300 kV
epu_FoilHole_19513699_Data.xml | magnification | 165000 x
epu_FoilHole_19513699_Data.xml | detector | BioQuantum K3
epu_FoilHole_19513699_Data.xml | detector_mode | counting
epu_FoilHole_19513699_Data.xml | total_dose | ≈39.923 e/Å²
epu_FoilHole_19513699_Data.xml | energy_filter_slit_width | 10 eV
epu_FoilHole_19513699_Data.xml | nominal_defocus | 2 µm
epu_FoilHole_19513699_Data.xml | binning | 2x2
epu_FoilHole_19513699_Data.xml | acquisition_software | EPU 3.4.0.5704
epu_FoilHole_19513699_Data.xml | microscope | -
epu_FoilHole_19513699_Data.jpg | sizes | Y364 X512
epu_FoilHole_19513699_Data.jpg | X | -
epu_EpuSession.dm | gain_correction | not applied (reference included)
epu_EpuSession.dm | images | 0
micromanager_MMStack.ome.xml | images | 2
micromanager_MMStack.ome.xml | sizes | T2 Z5 C3 Y256 X256
micromanager_MMStack.ome.xml | type | uint16
micromanager_MMStack.ome.xml | X | 2 µm
micromanager_MMStack.ome.xml | Y | 2 µm
micromanager_MMStack.ome.xml | Z | 1.75 µm
ome-model_instrument-units-default.ome.xml | sizes | Y4 X6
ome-model_instrument-units-default.ome.xml | type | uint8
ome-model_instrument-units-default.ome.xml | X | -
ome-model_instrument-units-default.ome.xml | magnification | 60 x
ome-model_instrument-units-default.ome.xml | numerical_aperture | 1.2
ome-model_instrument-units-default.ome.xml | channel 0 excitation_wavelength | 510 nm
ome-model_instrument-units-default.ome.xml | channel 0 detection_wavelength | 562-633 nm
ome-model_hcs.ome.xml | sizes | T16 C3 Y1024 X1024
ome-model_hcs.ome.xml | fields_per_well | 1
ngff_v04_multiscales_example.json | Z | ≈0.5002026 µm
ngff_v04_multiscales_example.json | Y | ≈0.3603982 µm
ngff_v04_multiscales_example.json | X | ≈0.3603982 µm
"""
LINES = [tuple(part.strip() for part in line.split(" | ")) for line in TRUE.strip().splitlines()]
COMPANIONS = (".mdoc", ".xml", ".dm", ".emi", ".json")


@pytest.mark.parametrize(("name", "what", "true"), LINES, ids=lambda x: x)
def test_a_value_is_true(name: str, what: str, true: str) -> None:
    found = real.said(real.header(name)).get(what, "-")
    if not true.startswith("≈"):
        assert found == true
        return
    (value, unit), (wanted, in_) = found.split(" "), true[1:].split(" ")
    assert unit == in_
    assert round(Decimal(value), -int(Decimal(wanted).as_tuple().exponent)) == Decimal(wanted)


def test_every_real_file_is_tried() -> None:
    names = [line.split("\t")[0] for line in (real.FOLDER / "INDEX.tsv").read_text("utf-8").splitlines()[1:]]
    assert sorted(set(names)) == sorted({name for name, _, _ in LINES})
    for name in names:
        own = name.endswith(COMPANIONS) and name not in (
            "ome-model_hcs.ome.xml",
            "ome-model_instrument-units-default.ome.xml",
        )
        assert real.item(name).status is (Status.COMPANION if own else Status.READ), name


def test_no_person_address_or_path_comes_out() -> None:
    """Users, operators, computers, paths of these files, wherever they stand in their headers."""
    people = re.compile(
        r"supervisor|\bLIM\b|M1SRH|b414003d|TITAN5|\bERIC\b|Johannes|\bFlo\b|192\.168|OAVirtual|@\w+\.|[A-Z]:\\|"
        r"(?<![\w.])/(?:home|Users|data)/",
        re.I,
    )
    for name in {name for name, _, _ in LINES}:
        text = json.dumps(real.item(name), default=str, ensure_ascii=False)
        assert not people.search(text), (name, people.findall(text))


def test_what_a_size_leaves_out_is_said() -> None:
    assert any("29 of its 471 rows" in w for w in real.header("thermo_FEI-Helios-Ebeam-8bits.tif").warnings)
    assert any("10000 µm" in w for w in real.header("ome-model_instrument-units-default.ome.xml").warnings)
    assert any("super-resolution" in w for w in real.header("epu_FoilHole_19513699_Data.xml").warnings)
