"""What the written files must be: the XML by our XSD, the JSON by the rules of the deposition schema, both alike.

The rules of the JSON are those of empiar-depositor 1.6b30 with its patterns anchored, and what it says in prose only
(check digit of ORCIDs, order, capitals, both ends of a range); the client itself validates nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.facts.limits import (
    DOI,
    EMAIL,
    LANGUAGE,
    MAX_DOI,
    MAX_PATH,
    MAX_PUBLISHER,
    MAX_TITLE,
    MAX_VOLUME,
    ORCID,
    PAGE,
    PERSON,
    QUOTED,
)
from rembi_sheets.values import orcid_check_digit

if TYPE_CHECKING:
    from lxml.etree import XMLSchema

Rule = Callable[[Any], bool]


def xml_faults(content: bytes) -> list[str]:
    """What our XSD says against an entry."""
    from lxml import etree

    try:
        entry = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return [str(error)]
    schema = _schema()
    if schema.validate(entry):
        return []
    log = list(schema.error_log)  # type: ignore[call-overload]
    return [f"line {e.line}: {e.message}".replace("{http://pdbe.org/empiar}", "") for e in log]


@cache
def _schema() -> XMLSchema:
    from lxml import etree

    return etree.XMLSchema(etree.fromstring((files(__package__) / "entry.xsd").read_bytes()))


def json_faults(content: bytes) -> list[str]:
    """What is wrong in a deposition JSON, as 'path: value'."""
    return list(_object(json.loads(content), DEPOSITION, ""))


def _object(data: Any, rules: dict[str, Any], at: str) -> Iterator[str]:
    """Every key has a rule; a key with ? may be absent; a dict is an object, a list of one dict a list of objects."""
    if not isinstance(data, dict):
        yield f"{at}: not an object"
        return
    yield from (f"{at}{k}: not known" for k in data if k not in rules and k + "?" not in rules)
    for key, rule in rules.items():
        name = key.removesuffix("?")
        if name not in data:
            if not key.endswith("?"):
                yield f"{at}{name}: missing"
            continue
        value = data[name]
        if isinstance(rule, dict):
            yield from _object(value, rule, f"{at}{name}/")
        elif isinstance(rule, list):
            if not isinstance(value, list):
                yield f"{at}{name}: not a list"
                continue
            for i, item in enumerate(value):
                yield from _object(item, rule[0], f"{at}{name}[{i}]/")
                if "order_id" in rule[0] and isinstance(item, dict) and item.get("order_id") != i:
                    yield f"{at}{name}[{i}]/order_id: {item.get('order_id')!r}"
            if not value and name in ("authors", "principal_investigator", "imagesets", "citation"):
                yield f"{at}{name}: empty"
        elif not rule(value):
            yield f"{at}{name}: {value!r}"
    if "frame_range_min" in rules:
        low, high = data.get("frame_range_min"), data.get("frame_range_max")
        if (low is None) != (high is None) or (isinstance(low, int) and isinstance(high, int) and low > high):
            yield f"{at}frame_range_min, frame_range_max: {low!r}, {high!r}"


def _null(rule: Rule) -> Rule:
    return lambda v: v is None or rule(v)


def _text(most: int | None = None, least: int = 0, form: str | re.Pattern[str] | None = None) -> Rule:
    def rule(v: Any) -> bool:
        if not isinstance(v, str) or len(v) < least or (most is not None and len(v) > most):
            return False
        return form is None or re.fullmatch(form, v) is not None

    return rule


def _whole(least: int, most: int | None = None) -> Rule:
    return lambda v: isinstance(v, int) and not isinstance(v, bool) and least <= v and (most is None or v <= most)


def _size(v: Any) -> bool:
    return isinstance(v, (int, float)) and not isinstance(v, bool) and 0 < v < float("inf")


def _truth(v: Any) -> bool:
    return isinstance(v, bool)


def _nothing(v: Any) -> bool:
    return v is None


def _orcid(v: Any) -> bool:
    return isinstance(v, str) and ORCID.fullmatch(v) is not None and orcid_check_digit(v) == v[-1]


def _country(v: Any) -> bool:
    return isinstance(v, str) and bool(codes.country_name(v))


def _code(name: str, other: str) -> Rule:
    def rule(v: Any) -> bool:
        found = re.fullmatch(r"\('(T\d+|OT)', '([^'\0]*)'\)", v) if isinstance(v, str) else None
        if not found:
            return False
        if found[1] == "OT":
            return re.fullmatch(other, found[2]) is not None and bool(found[2].strip())
        return not found[2] and found[1] in codes.table(name)

    return rule


def _reference(form: str) -> list[dict[str, Rule]]:
    return [{"name": _text(form=form)}]


_AUTHORS: list[dict[str, Rule]] = [
    {
        "name": _text(form=rf"\('{QUOTED}', '(?=.{{1,20}}'\))[^\W\d_a-z]+(?:-?[^\W\d_a-z])*'\)"),
        "order_id": _whole(0),
        "author_orcid": _null(_orcid),
    }
]
_CONTACT: dict[str, Any] = {
    "author_orcid": _null(_orcid),
    "first_name": _text(60, 1, PERSON),
    "middle_name": _null(_text(60, 1, PERSON)),
    "last_name": _text(60, 1, PERSON),
    "organization": _text(255, 1),
    "street": _null(_text(255)),
    "town_or_city": _text(60, 1),
    "state_or_province": _null(_text(60)),
    "post_or_zip": _text(60, 1),
    "telephone": _null(_text(60)),
    "fax": _null(_text(60)),
    "email": _text(form=EMAIL),
    "country": _country,
}
_PATH = _null(_text(MAX_PATH, 1, r"data(?:/[^\0]*)?"))
_CAPITALS = r"[A-Z0-9 ]+"
DEPOSITION: dict[str, Any] = {
    "title": _text(MAX_TITLE, 10),
    "release_date": lambda v: v in ("RE", "EP", "HP", "HO"),
    "experiment_type": lambda v: _whole(1)(v) and str(v) in codes.table("experiment_type"),
    "scale?": lambda v: isinstance(v, str) and v in codes.table("scale"),
    "cross_references?": _reference(r"EMD-[0-9]{4,}"),
    "biostudies_references?": _reference(r"S-.*"),
    "idr_references?": _reference(r"idr.*"),
    "empiar_references?": _reference(r"EMPIAR-[0-9]+"),
    "workflows?": [{"url": _text(form=r"https://.+"), "type": lambda v: v == 1}],
    "authors": _AUTHORS,
    "corresponding_author": _CONTACT,
    "principal_investigator": [_CONTACT],
    "workflow_file?": {"path": _PATH},
    "imagesets": [
        {
            "name": _text(200, 1),
            "directory": _text(MAX_PATH, 1, r"/?data(?:/[^\0]*)?"),
            "category": _code("category", r"[^\0]+"),
            "header_format": _code("header_format", _CAPITALS),
            "data_format": _code("data_format", _CAPITALS),
            "num_images_or_tilt_series": _whole(1),
            "frames_per_image": _whole(1),
            "frame_range_min": _null(_whole(0)),
            "frame_range_max": _null(_whole(0)),
            "voxel_type": _code("voxel_type", _CAPITALS),
            "pixel_width": _null(_size),
            "pixel_height": _null(_size),
            "details": _null(_text()),
            "image_width": _null(_whole(1)),
            "image_height": _null(_whole(1)),
            "micrographs_file_pattern": _PATH,
            "picked_particles_file_pattern": _PATH,
            "picked_particles_directory": _PATH,
        }
    ],
    "citation": [
        {
            "authors": _AUTHORS,
            "editors": _AUTHORS,
            "published": _truth,
            "preprint": _truth,
            "j_or_nj_citation": _truth,
            "title": _text(MAX_TITLE, 1),
            "volume": _null(_text(MAX_VOLUME)),
            "country": _null(_country),
            "first_page": _null(_text(form=PAGE)),
            "last_page": _null(_text(form=PAGE)),
            "year": _null(_whole(1900, 9999)),
            "language": _null(_text(40, form=LANGUAGE)),
            "doi": _null(_text(MAX_DOI, form=DOI)),
            "pubmedid": _null(_text(20, form=r"[0-9]{1,8}(?:\.[0-9]+)?")),
            "details": _null(_text(65535)),
            "book_chapter_title": _null(_text(80)),
            "publisher": _null(_text(MAX_PUBLISHER)),
            "publication_location": _null(_text(80)),
            "journal": _null(_text()),
            "journal_abbreviation": _null(_text()),
            "issue": _null(_text()),
        }
    ],
}
