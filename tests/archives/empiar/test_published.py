"""A reply of EMPIAR's public interface is one more form of an entry: read, it is what the XML of that entry is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.archives import package
from rembi_sheets.archives.empiar.document import Author, Citation, Contact, Deposition, Grant, ImageSet, Segmentation
from rembi_sheets.archives.empiar.render import deposition as as_json
from rembi_sheets.fill.model import Proposal
from rembi_sheets.fill.sources.known import Known, SourceError
from rembi_sheets.fill.sources.record import known
from tests.archives.empiar.judges import deposition, shared
from tests.archives.empiar.studies import FIB_SEM

EMPIAR = package("empiar")
ENTRIES = ("EMPIAR-10017", "EMPIAR-10934", "EMPIAR-11987", "EMPIAR-12445")
Data = dict[str, Any]


@cache
def markup(accession: str) -> tuple[bytes, Deposition]:
    """The XML of a released entry, and the document of it."""
    content = shared(f"samples/empiar/{accession}.xml").read_bytes()
    document = EMPIAR.parse({"entry.xml": content}).document
    assert isinstance(document, Deposition)
    return content, document


def reply(accession: str, d: Deposition, plain: bool = False) -> Data:
    """The entry as the interface gives it; `plain`: in the spelling of its first years."""

    def author(a: Author, order: int) -> Data:
        return {"name": f"{a.last_name} {a.initials}", "author_orcid": a.orcid or None, "order_id": order}

    def contact(c: Contact) -> Data:
        return {
            "first_name": c.first_name,
            "middle_name": c.middle_name or None,
            "last_name": c.last_name,
            "organization": c.organization,
            "street": c.street or None,
            "town_or_city": c.town,
            "state_or_province": c.state or None,
            "post_or_zip": c.postcode,
            "country": c.country,
            "telephone": c.telephone or None,
            "fax": c.fax or None,
            "email": c.email or None,
            "author_orcid": c.orcid or None,
            "title": c.title or None,
        }

    def paper(c: Citation) -> Data:
        keys = "published preprint title volume country first_page last_page language doi details book_chapter_title"
        keys += " publisher publication_location journal journal_abbreviation issue"
        return {
            **{k: getattr(c, k) or ("" if plain else None) for k in keys.split()},
            "published": c.published,
            "j_or_nj_citation": c.journal_citation,
            "year": c.year if plain or c.year is None else str(c.year),
            "pubmedid": int(c.pubmed_id) if plain and c.pubmed_id else c.pubmed_id,
            "authors": [author(a, i) for i, a in enumerate(c.authors)],
            "editors": [author(a, i) for i, a in enumerate(c.editors)],
        }

    def size(number: int | None) -> str:
        return "variable" if number is None else str(number)

    def image_set(s: ImageSet) -> Data:
        low, high = s.frame_range or (None, None)
        return {
            "segmentations": [
                {
                    "segmentation_id": g.number,
                    "file": g.file,
                    "description": g.description,
                    "original_files": g.original_files,
                    "original_format": g.original_format,
                }
                for g in s.segmentations
            ],
            "name": s.name,
            "directory": s.directory,
            "category": s.category,
            "details": s.details,
            "header_format": s.header_format,
            "data_format": s.data_format,
            "voxel_type": s.voxel_type,
            "num_images_or_tilt_series": float(s.number) if plain else s.number,
            "frames_per_image": float(s.frames) if plain else s.frames,
            "frame_range_min": low,
            "frame_range_max": high,
            "image_width": size(s.image_width),
            "image_height": size(s.image_height),
            "pixel_width": None if s.pixel_width is None else float(s.pixel_width),
            "pixel_height": None if s.pixel_height is None else str(s.pixel_height) if plain else float(s.pixel_height),
            "micrographs_file_pattern": s.micrographs_pattern,
            "picked_particles_file_pattern": s.particles_pattern,
            "picked_particles_directory": s.particles_directory,
        }

    def references(names: tuple[str, ...]) -> list[Any]:
        return [{"name": n} for n in names] if plain else list(names)

    authors = [author(a, i) for i, a in enumerate(d.authors)]
    heads = [contact(c) for c in d.principal_investigators]
    return {
        accession: {
            "title": d.title,
            "status": "REL",
            "experiment_type": d.experiment_type,
            "scale": d.scale or None,
            "deposition_date": d.deposition_date.isoformat() if d.deposition_date else None,
            "release_date": "2021-03-04",
            "update_date": "2021-03-05",
            "obsolete_date": None,
            "authors": authors if plain else [{"author": a} for a in authors],
            "corresponding_author": {"author": contact(d.corresponding_author)},
            "principal_investigator": [{"author": h} for h in heads] if plain else heads,
            "cross_references": references(d.emdb),
            "biostudies_references": references(d.biostudies),
            "idr_references": references(d.idr),
            "empiar_references": references(d.empiar),
            "workflow_file": d.workflow_file if plain else {"path": d.workflow_file} if d.workflow_file else None,
            "grant_references": [{"funding_body": g.funder, "code": g.code, "country": g.country} for g in d.grants],
            "version_history": [{"version_number": 1.0, "date": "2021-03-04", "status_code": "REL", "details": ""}],
            "imagesets": [image_set(s) for s in d.image_sets],
            "citation": [paper(c) for c in d.citations],
            "dataset_size": "6.7 GB",
            "entry_doi": f"10.6019/{accession}",
        }
    }


def packed(data: Any) -> bytes:
    return json.dumps(data).encode()


def read(tmp_path: Path, content: bytes, name: str = "10934") -> Known:
    (tmp_path / name).write_bytes(content)
    found = known(tmp_path / name, True, {})
    assert found is not None
    return found


def cells(found: Known) -> set[tuple[Any, ...]]:
    return {(p.sheet, p.row, p.column, repr(p.value)) for p in found.proposals if isinstance(p, Proposal)}


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("accession", ENTRIES)
def test_a_reply_is_the_document_of_the_xml(accession: str, plain: bool) -> None:
    document = markup(accession)[1]
    content = packed(reply(accession, document, plain))
    assert EMPIAR.recognises({"10934": content})
    parsed = EMPIAR.parse({"10934": content})
    assert parsed.document == document
    told = {s.partition(": ")[2].partition(":")[0] for s in parsed.not_understood}
    assert told == {
        *("accession", "status", "release_date", "deposition_date", "update_date", "dataset_size", "entry_doi"),
        *(f"version_history[0]/{k}" for k in ("version_number", "date", "status_code")),
    }


def test_what_an_entry_can_hold_beside_is_read() -> None:
    """Grants, segmentations, books, a workflow and frames, of which the released entries have none."""
    made = markup("EMPIAR-10934")[1]
    book = replace(made.citations[0], journal_citation=False, journal="", editors=(Author("Muster", "AB"),))
    mask = Segmentation(4, "data/m.mrc", "mitochondria", "data/m.seg", "SEG")
    first = replace(made.image_sets[0], frame_range=(2, 7), pixel_width=Decimal("0.65"), segmentations=(mask,))
    made = replace(
        made,
        citations=(book,),
        image_sets=(first, *made.image_sets[1:]),
        workflow_file="data/w.json",
        idr=("idr0001",),
        grants=(Grant("Wellcome Trust", "12/3", "United Kingdom"), Grant("DFG")),
        corresponding_author=replace(made.corresponding_author, title="Dr."),
    )
    for plain in (False, True):
        parsed = EMPIAR.parse({"x": packed(reply("EMPIAR-1", made, plain))})
        assert parsed.document == made


def test_the_workbook_is_that_of_the_xml(tmp_path: Path) -> None:
    content, document = markup("EMPIAR-10934")
    from_xml = read(tmp_path, content, "10934.xml")
    found = read(tmp_path, packed(reply("EMPIAR-10934", document)))
    assert cells(found) == cells(from_xml) and len(found.proposals) > 40
    told = [u.value for u in found.unplaced]
    assert "dataset_size: '6.7 GB'" in told and "version_history[0]/date: '2021-03-04'" in told


SMALL: Data = {
    "EMPIAR-10001": {
        "title": "Tomograms of a made-up cell",
        "status": "REL",
        "release_date": "2020-01-02",
        "experiment_type": "EMDB",
        "cross_references": ["EMD-1234"],
        "authors": [{"author": {"name": "van Beispiel JK", "author_orcid": None}}],
        "corresponding_author": {"author": {"first_name": "Jo", "last_name": "van Beispiel", "country": "UK"}},
        "principal_investigator": [],
        "workflow_file": None,
        "imagesets": [
            {
                "name": "Tilts",
                "directory": "/data/tilts",
                "category": "tilt series",
                "header_format": "MRC",
                "data_format": "MRC",
                "num_images_or_tilt_series": 3.0,
                "frames_per_image": 41.0,
                "voxel_type": "SIGNED 16 BIT INTEGER",
                "image_width": "3838",
                "image_height": "3710",
                "pixel_width": 3.42,
                "pixel_height": 3.42,
                "segmentations": [],
            }
        ],
        "citation": [{"title": "A paper", "authors": [{"name": "Beispiel JK"}], "j_or_nj_citation": True}],
    }
}
INNER = SMALL["EMPIAR-10001"]


def test_a_reply_as_the_reference_describes_it() -> None:
    d = EMPIAR.parse({"x.json": packed(SMALL)}).document
    assert isinstance(d, Deposition)
    assert d.authors == (Author("van Beispiel", "JK"),) and d.emdb == ("EMD-1234",) and d.release == ""
    assert d.corresponding_author.country == "United Kingdom" and d.principal_investigators == ()
    (one,) = d.image_sets
    assert (one.number, one.frames, one.image_width, one.pixel_width) == (3, 41, 3838, Decimal("3.42"))


@pytest.mark.parametrize("shape", [lambda: [SMALL], lambda: INNER, lambda: [INNER]])
def test_an_entry_alone_or_in_a_list_is_one_too(shape: Callable[[], Any]) -> None:
    content = packed(shape())
    assert EMPIAR.recognises({"x": content}) and EMPIAR.recognises({"x": b"\xef\xbb\xbf" + content})
    assert EMPIAR.parse({"x": content}).document == EMPIAR.parse({"x": packed(SMALL)}).document


def test_several_entries_are_refused_by_their_names(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"more than one entry \(EMPIAR-10001, EMPIAR-10002\)"):
        read(tmp_path, packed({**SMALL, "EMPIAR-10002": INNER}))
    with pytest.raises(SourceError, match="more than one entry"):
        read(tmp_path, packed([INNER, SMALL]))


def test_a_second_record_in_a_folder_is_told() -> None:
    files = {"a.json": as_json.dump(deposition(FIB_SEM)), "b.txt": packed(SMALL)}
    assert any(s.startswith("b.txt: another record") for s in EMPIAR.parse(files).not_understood)


HOSTILE: list[Any] = [None, "", "what", 5, 1.5, True, [], {}, [None], ["x"], [[1]], {"author": None}, {"author": [1]}]


def test_any_value_in_any_place_is_read_or_told() -> None:
    """Every key of a reply, alone, with every odd value, and without it."""
    places: list[tuple[str, Callable[[Data], Data]]] = [
        *((k, lambda e: e) for k in (*INNER, "grant_references", "version_history", "deposition_date")),
        *((k, lambda e: e["imagesets"][0]) for k in INNER["imagesets"][0]),
        *((k, lambda e: e["citation"][0]) for k in ("authors", "editors", "year", "published", "doi", "country")),
        *((k, lambda e: e["authors"][0]["author"]) for k in ("name", "author_orcid", "order_id")),
        *((k, lambda e: e["corresponding_author"]["author"]) for k in ("last_name", "country", "title", "name")),
    ]
    for key, place in places:
        for value in HOSTILE:
            data = json.loads(packed(SMALL))
            inside = place(data["EMPIAR-10001"])
            before = inside.get(key)
            inside[key] = value
            parsed = EMPIAR.parse({"x.json": packed(data)})
            assert isinstance(parsed.document, Deposition), (key, value)
            told = parsed.not_understood
            assert told or value in (None, "", [], {}, before)
            if isinstance(value, float | list) and value and value != ["x"] and value != [None]:
                assert any(key.rstrip("s") in s for s in told) or str(value) in repr(parsed.document), (
                    key,
                    value,
                    told,
                )
        data = json.loads(packed(SMALL))
        place(data["EMPIAR-10001"]).pop(key, None)
        parsed = EMPIAR.parse({"x.json": packed(data)})
        EMPIAR.restore(parsed.document)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"1e999999999", "image_width"),
        (b"NaN", "pixel_width"),
        (b"-Infinity", "image_width"),
        (b'"12.5"', "image_width"),
        (b'"' + b"9" * 5000 + b'"', "image_width"),
        (b"[" * 200 + b"]" * 200, "image_width"),
    ],
)
def test_a_number_that_is_none_is_told(text: bytes, place: str) -> None:
    content = packed({"EMPIAR-1": {**INNER, "imagesets": [{**INNER["imagesets"][0], place: "HERE"}]}})
    parsed = EMPIAR.parse({"x.json": content.replace(b'"HERE"', text)})
    assert isinstance(parsed.document, Deposition) and getattr(parsed.document.image_sets[0], place) is None
    assert any(f"imagesets[0]/{place}" in s for s in parsed.not_understood)


@pytest.mark.parametrize("content", [b'{"EMPIAR-1": []}', b'{"EMPIAR-1": null}', b'{"EMPIAR-1": {}}'])
def test_an_accession_without_an_entry_is_refused_with_its_name(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="EMPIAR-1 holds no entry"):
        read(tmp_path, content)


@pytest.mark.parametrize("content", [b"{}", b"[]", b'{"EMPIAR": {}}', b'{"EMPIAR-1": {}, "note": 1}', b'["EMPIAR-1"]'])
def test_other_json_is_no_entry(content: bytes) -> None:
    assert not EMPIAR.recognises({"x.json": content})


def test_unknown_words_stay_as_they_are(tmp_path: Path) -> None:
    data = json.loads(packed(SMALL))
    data["EMPIAR-10001"] |= {"experiment_type": "Holography", "scale": "planet"}
    data["EMPIAR-10001"]["imagesets"][0] |= {"category": "dreams", "data_format": "ZARR", "voxel_type": "3 BIT"}
    d = EMPIAR.parse({"x.json": packed(data)}).document
    assert isinstance(d, Deposition) and (d.experiment_type, d.scale) == ("Holography", "planet")
    assert (d.image_sets[0].category, d.image_sets[0].data_format) == ("dreams", "ZARR")
    assert any("dreams" in repr(p.value) for p in read(tmp_path, packed(data)).proposals)
