"""HDF5: Imaris, Velox EMD, BigDataViewer, EMD of the NCEM, and plain files; attributes and shapes alone.

Source: "Imaris 5.5 file format" of Oxford Instruments; BigDataViewer's layout. Imaris counts in µm.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rembi_sheets.harvest import velox, xml
from rembi_sheets.harvest.arrays import pixel_type
from rembi_sheets.harvest.facts import CHANNELS, Facts, words
from rembi_sheets.harvest.lengths import pixel_size
from rembi_sheets.harvest.model import Channel, Header, Image, Length, Unusable
from rembi_sheets.harvest.quantities import number, quotient, single
from rembi_sheets.harvest.source import Source

_MAGIC = b"\x89HDF\r\n\x1a\n"
_MOST, _LEAST = 10_000, 8  # images; pixels of an image along each side, where nothing says that it is one


def sniff(head: bytes, name: str) -> int:
    """By the first bytes."""
    return 80 if head.startswith(_MAGIC) else 0


def read(source: Source) -> Header:
    """By what the file holds, not by its name."""
    import h5py

    facts = Facts(source.path, "hdf5")
    try:
        file = h5py.File(source.file, "r", locking=False)
    except OSError:
        raise Unusable("its HDF5 is damaged or cut off") from None
    with file:
        if "DataSetInfo" in file and "DataSet" in file:
            return _imaris(file, facts)
        if "Data/Image" in file:
            return velox.header(file, facts)
        if "t00000" in file and any(k.startswith("s0") for k in file):
            return _bdv(file, source)
        return _plain(file, facts)


def _attribute(group: Any, name: str) -> str:
    """An attribute of Imaris: an array of single characters, or a text."""
    value = group.attrs.get(name) if group is not None else None
    if value is None:
        return ""
    if hasattr(value, "dtype") and value.dtype.kind == "S":
        value = b"".join(value.ravel().tolist())
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return str(value).strip("\0 ")


def _imaris(file: Any, facts: Facts) -> Header:
    level = file["DataSet"].get("ResolutionLevel 0")
    times = [k for k in level or () if k.startswith("TimePoint")]
    first: Any = level.get("TimePoint 0") if level is not None else None
    names = [k for k in first or () if k.startswith("Channel")]
    if not times or not names:
        raise Unusable("it holds no image of full size")
    one = first[names[0]]
    data = one.get("Data")
    if data is None or len(data.shape) != 3:
        raise Unusable("it holds no image of full size")
    info = file["DataSetInfo"].get("Image")
    sizes = {"T": len(times), "C": len(names)}
    stored = dict(zip("ZYX", data.shape, strict=True))
    for axis in "ZYX":  # the data set is padded to whole chunks; the attribute has the true size
        said = (
            number(_attribute(one, f"ImageSize{axis}")) or number(_attribute(info, axis)) if info is not None else None
        )
        sizes[axis] = int(said) if said and 0 < said <= stored[axis] else int(stored[axis])
    pixels: dict[str, Length] = {}
    for place, axis in enumerate("XYZ"):
        ends = [number(_attribute(info, f"Ext{side}{place}")) for side in ("Min", "Max")]
        unit = _attribute(info, "Unit") or "µm"
        if (
            ends[0] is not None
            and ends[1] is not None
            and (size := pixel_size(quotient(ends[1] - ends[0], sizes[axis]), unit))
        ):
            pixels[axis] = size
    channels = []
    for place in range(min(len(names), 1000)):
        group, own = file["DataSetInfo"].get(f"Channel {place}"), facts.on(CHANNELS)
        for name, key in (
            ("excitation_wavelength", "LSMExcitationWavelength"),
            ("detection_wavelength", "LSMEmissionWavelength"),
        ):
            own.number(name, _attribute(group, key), "nm", key)
        channels.append(Channel(words(_attribute(group, "Name")), tuple(own.values)))
    kept = [a for a in "TCZYX" if a in "ZYX" or sizes[a] > 1]  # a single section has its thickness, too
    compression = "gzip" if data.compression == "gzip" else ""
    image = Image("".join(kept), {a: sizes[a] for a in kept}, pixel_type(data), pixels, channels=tuple(channels))
    return Header("IMS", (image,), tuple(facts.values), tuple(facts.warnings), compression)


def _bdv(file: Any, source: Source) -> Header:
    """Setups s00, s01 ... and time points t00000 ...; names and pixel sizes stand in the XML of its name beside it."""
    said = _setups(source.file.with_suffix(".xml"))
    setups = sorted(k for k in file if k[:1] == "s" and k[1:].isdigit())
    times = sum(1 for k in file if k[:1] == "t" and k[1:].isdigit())
    images = []
    for setup in setups[:_MOST]:
        data = file.get(f"t00000/{setup}/0/cells")
        if data is None or len(data.shape) != 3:
            continue
        sizes = ({"T": times} if times > 1 else {}) | dict(zip("ZYX", (int(n) for n in data.shape), strict=True))
        kind = "uint16" if pixel_type(data) == "int16" else pixel_type(data)  # it has no word for its own pixels
        name, pixels = said.get(int(setup[1:]), ("", {}))
        images.append(Image("".join(sizes), sizes, kind, pixels, name=name or setup))
    if not images:
        raise Unusable("it holds no image")
    return Header("BigDataViewer HDF5", tuple(images))


def _setups(file: Path) -> Mapping[int, tuple[str, dict[str, Length]]]:
    """Number of each setup -> its name and pixel sizes; nothing where no such XML is there."""
    try:
        root = xml.parse(Source.of(file).text_bytes(xml.LIMIT)) if file.is_file() else None
    except (OSError, Unusable):
        root = None
    found: dict[int, tuple[str, dict[str, Length]]] = {}
    for setup in xml.every(root, "ViewSetup") if root is not None and root.tag == "SpimData" else ():
        number_of, unit = xml.text(setup, "id"), xml.text(setup, "voxelSize", "unit")
        steps = xml.text(setup, "voxelSize", "size").split()
        if number_of.isdecimal() and len(number_of) < 7 and len(steps) == 3:
            pixels = {a: s for a, step in zip("XYZ", steps, strict=True) if (s := pixel_size(step, unit))}
            found[int(number_of)] = words(xml.text(setup, "name")), pixels
    return found


def _plain(file: Any, facts: Facts) -> Header:
    """The data sets with two or more axes; which axis is which is told by the file, or is that of the last two.

    Tables of a few columns are no images.
    """
    import h5py

    found: list[Image] = []
    emd = False

    def visit(name: str, item: Any) -> None:
        nonlocal emd
        if not isinstance(item, h5py.Dataset) or len(item.shape) < 2 or item.dtype.kind not in "uifc":
            return
        if len(found) >= _MOST:
            return
        told = _ncem_axes(item) or _named_axes(item)
        emd = emd or bool(told and told[1])
        letters, pixels = told or _guessed(item.shape)
        counts = dict(zip(letters, map(int, item.shape), strict=True))
        sizes = {a: counts[a] for a in letters if a in "YX" or counts[a] > 1}
        if {"X", "Y"} <= sizes.keys() and (told or min(sizes["X"], sizes["Y"]) >= _LEAST):
            sizes_of = {a: s for a, s in pixels.items() if a in sizes}
            found.append(Image("".join(sizes), sizes, pixel_type(item), sizes_of, name=words(name)))

    file.visititems(visit)
    if emd and (scope := file.get("microscope")) is not None:
        facts.text("microscope", _attribute(scope, "name"), "microscope: name")
        facts.number("accelerating_voltage", _attribute(scope, "high tension"), "V", "microscope: high tension")
    return Header("EMD" if emd or _is_emd(file) else "HDF5", tuple(found), tuple(facts.values), tuple(facts.warnings))


Axes = tuple[str, dict[str, Length]]


def _guessed(shape: tuple[int, ...]) -> Axes:
    """Where nothing says which axis is which: rows and columns are the last two."""
    return ("NRQUVW"[: max(len(shape) - 2, 0)] + "YX")[-len(shape) :], {}


def _named_axes(data: Any) -> Axes | None:
    """Letters that the file gives: labels of HDF5's dimensions, an attribute `axes`, `axistags` of ilastik."""
    letters = [words(d.label).upper() for d in data.dims]
    if not all(letters):
        said = data.attrs.get("axes")
        letters = list(words(said).upper()) if isinstance(said, str) else _tagged(data.attrs.get("axistags"))
    letters = ["C" if a == "CHANNEL" else a for a in letters]
    good = len(letters) == len(data.shape) and len(set(letters)) == len(letters) and all(len(a) == 1 for a in letters)
    return ("".join(letters), {}) if good and {"X", "Y"} <= set(letters) else None


def _tagged(said: Any) -> list[str]:
    try:
        axes = json.loads(said)["axes"] if isinstance(said, str | bytes) else []
        return [words(a["key"]).upper() for a in axes]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


def _is_emd(file: Any) -> bool:
    """EMD of the NCEM has its version in two attributes."""
    return {"version_major", "version_minor"} <= set(file.attrs)


def _ncem_axes(data: Any) -> Axes | None:
    """EMD of the NCEM: each axis has a vector dim1, dim2 ... beside the data, with a name and a unit.

    An axis in a length is X, Y or Z by its name; others (angles, frequencies) are series.
    """
    group = data.parent
    if "emd_group_type" not in group.attrs:
        return None
    start = 0 if "dim0" in group else 1
    vectors = [group.get(f"dim{start + n}") for n in range(len(data.shape))]
    if any(v is None or "name" not in v.attrs for v in vectors):
        return None
    letters: list[str] = []
    pixels: dict[str, Length] = {}
    free = list("NRQUVW")
    for vector in vectors:
        name, unit = (_attribute(vector, k) for k in ("name", "units"))
        letter = name.rpartition("_")[2].upper()
        size = _step(vector, unit)
        if letter in ("X", "Y", "Z") and letter not in letters and not name.upper().startswith("Q"):
            pixels |= {letter: size} if size else {}
        else:
            letter = free.pop(0)
        letters.append(letter)
    return ("".join(letters), pixels) if {"X", "Y"} <= set(letters) else None


def _step(vector: Any, unit: str) -> Length | None:
    """The distance of the first two positions along an axis."""
    if len(vector.shape) != 1 or vector.shape[0] < 2 or vector.dtype.kind != "f":
        return None
    first, second = (single(float(v)) if vector.dtype.itemsize == 4 else number(float(v)) for v in vector[:2])
    return pixel_size(abs(second - first), unit) if first is not None and second is not None else None
