"""A released entry as EMPIAR's public interface gives it, `GET entry/<n>`: {"EMPIAR-<n>": {...}} -> Deposition.

Its names are those of the deposition JSON, its values those of the XML: words instead of codes, names of countries,
authors "Surname II" that may stand in {"author": {...}}, references as plain texts. Numbers may be decimals or texts,
`release_date` is a day and no instruction, e-mails are hidden. Shape after EMPIAR's OpenAPI documents (2020) and
replies seen since; names inside a segmentation are inferred from the XML's.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from rembi_sheets.archives.empiar import codes
from rembi_sheets.archives.empiar.codes import VARIABLE
from rembi_sheets.archives.empiar.document import Contact, Deposition, Grant, ImageSet, Segmentation
from rembi_sheets.archives.empiar.parse import deposition
from rembi_sheets.archives.empiar.parse.json_fields import Data, loaded

_ACCESSION = re.compile(r"EMPIAR-\d+")
_ADDED = ("status", "deposition_date", "update_date", "entry_doi", "dataset_size")  # by the archive, to any entry
_NAMES = ("authors", "editors", "cross_references", "biostudies_references", "idr_references", "empiar_references")
_DIGITS = 18  # of a whole number; more is no count of anything
_SAID = {"true": True, "false": False}


def is_published(content: bytes) -> bool:
    """Is this a reply of the interface, or one entry out of it?"""
    likely = b'"EMPIAR-' in content or b'"imagesets"' in content
    return likely and any(True for _ in _entries(loaded(content)))


def _entries(data: Any) -> Iterator[tuple[str, Any]]:
    """Accession and content of every entry; "" for one that does not stand under its accession."""
    for one in data if isinstance(data, list) else [data]:
        if not isinstance(one, dict):
            continue
        if one and all(_ACCESSION.fullmatch(k) for k in one):
            yield from one.items()
        elif "imagesets" in one and any(k in one for k in _ADDED):
            yield "", one


class Reader(deposition.Reader):
    """Reads the same keys as of a deposition, each as the interface spells its value."""

    called = "entry.json"

    def of_data(self, data: Any) -> Deposition | None:
        """The entry; None, with the reason, when there is none or more than one."""
        found = list(_entries(data))
        if len(found) > 1:
            named = ", ".join(accession or str(entry.get("title")) for accession, entry in found)
            self.strange.append(f"more than one entry ({named}); keep one of them in the file")
            return None
        accession, entry = found[0] if found else ("", None)
        if not isinstance(entry, dict) or not entry:
            self.strange.append(f"{accession} holds no entry" if accession else "no entry")
            return None
        d = dict(entry)
        self.rest({"accession": accession, **{k: d.get(k) for k in ("release_date", "deposition_date")}}, "")
        d.pop("release_date", None)
        deposited = self.date(d, "deposition_date")
        grants = tuple(self.grants(d))
        made = super().of_data(d)
        return made and replace(made, grants=grants, deposition_date=deposited)

    def take(self, data: Data, key: str, at: str, kind: type | tuple[type, ...]) -> Any:
        """A value of the right kind, also where another kind spells it: "2021", 5760.0, "variable"."""
        if key in data:
            data[key] = _as(data[key], kind)
        return super().take(data, key, at, kind)

    def rest(self, data: Data, at: str) -> None:
        """Remembers the keys that nobody asked for; of a list of objects, each value with its place."""
        flat: Data = {}
        for key, value in data.items():
            for i, one in enumerate(value if isinstance(value, list) else []):
                flat |= (
                    {f"{key}[{i}]/{k}": v for k, v in one.items()} if isinstance(one, dict) else {f"{key}[{i}]": one}
                )
            if not isinstance(value, list):
                flat[key] = value
        super().rest(flat, at)

    def object(self, data: Data, key: str) -> Data:
        """An object, out of its {"author": {...}}."""
        return _unwrapped(super().object(data, key))

    def objects(self, data: Data, key: str, at: str) -> list[Data]:
        """A list of objects, each out of its {"author": {...}}; a plain text is the name of one."""
        found = data.get(key)
        if isinstance(found, list) and key in _NAMES:
            data[key] = [{"name": x} if isinstance(x, str) else x for x in found]
        return [_unwrapped(x) for x in super().objects(data, key, at)]

    def coded(self, data: Data, key: str, at: str) -> str:
        """A word as it stands; one that is in no list is what EMPIAR calls other."""
        word = self.text(data, key, at)
        try:
            return codes.from_tuple(key, word)
        except ValueError:
            return word

    def listed(self, data: Data, key: str, at: str) -> str:
        """A word as it stands."""
        word = self.text(data, key, at)
        return codes.word(key, word) or word

    def country(self, data: Data, at: str) -> str:
        """A country's name."""
        name = self.text(data, "country", at)
        return codes.country_name(name) or codes.country_of_alias(name)

    def date(self, data: Data, key: str) -> dt.date | None:
        """A day; a time after it does not count."""
        text = self.text(data, key, "")
        try:
            return dt.date.fromisoformat(text[:10]) if text else None
        except ValueError:
            return None  # told with its text

    def grants(self, data: Data) -> Iterator[Grant]:
        """Grants; an entry without any may hold an empty one."""
        for i, one in enumerate(self.objects(data, "grant_references", "")):
            at = f"grant_references[{i}]/"
            grant = Grant(*(self.text(one, k, at) for k in ("funding_body", "code", "country")))
            self.rest(one, at)
            if grant != Grant(""):
                yield grant

    def workflow(self, data: Data) -> str:
        """Path of the workflow file, alone or in an object."""
        found = data.get("workflow_file")
        if isinstance(found, str):
            data["workflow_file"] = {"path": found}
        elif isinstance(found, dict) and "workflow_file" in found:
            data["workflow_file"] = {"path" if k == "workflow_file" else k: v for k, v in found.items()}
        return super().workflow(data)

    def parted(self, name: str) -> tuple[str, str] | None:
        """Last name and initials; None for an empty text."""
        return super().parted(name) or (codes.parted(name) if name.strip() else None)

    def contact(self, d: Data, at: str) -> Contact:
        """A contact, with its title; one that has but a name is parted as an author is."""
        title = self.text(d, "title", at)
        parts = self.parted(self.text(d, "name", at)) if not d.get("last_name") else None
        if parts:
            d |= {"last_name": parts[0], "first_name": d.get("first_name") or parts[1]}
        return replace(super().contact(d, at), title=title)

    def image_set(self, d: Data, at: str) -> ImageSet:
        """An image set with its segmentations."""
        found = self.objects(d, "segmentations", at)
        made = tuple(self.segmentation(s, i, f"{at}segmentations[{i}]/") for i, s in enumerate(found))
        return replace(super().image_set(d, at), segmentations=made)

    def segmentation(self, d: Data, place: int, at: str) -> Segmentation:
        """A segmentation; the number of one without it is its place."""
        number = self.take(d, "segmentation_id", at, int)
        made = Segmentation(
            place if number is None else number,
            *(self.text(d, k, at) for k in ("file", "description", "original_files", "original_format")),
        )
        self.rest(d, at)
        return made


def _unwrapped(data: Data) -> Data:
    """What stands in "author", with what stands beside it."""
    inner = data.get("author")
    return {**{k: v for k, v in data.items() if k != "author"}, **inner} if isinstance(inner, dict) else data


def _as(value: Any, kind: type | tuple[type, ...]) -> Any:
    """A value as the kind that is asked for, where it can be that; else as it is."""
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if kind is list and isinstance(value, dict):
        return [value]
    if kind is bool and isinstance(value, str):
        return _SAID.get(value.strip().lower(), value or None)
    if kind is str and number:
        return str(_number(value, value, whole=True))
    if kind in (int, (int, Decimal)) and isinstance(value, str | Decimal):
        return _number(value, value, whole=kind is int)
    return value


def _number(value: Any, otherwise: Any, whole: bool) -> Any:
    """A number out of a text or a decimal, None for an unknown one, `otherwise` for what is none.

    `whole`: a decimal without a fraction is a whole number.
    """
    text = str(value).strip()
    if text in ("", VARIABLE):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return otherwise
    if not number.is_finite():
        return otherwise
    if whole and number.adjusted() < _DIGITS and number == number.to_integral_value():
        return int(number)
    return otherwise if whole else number
