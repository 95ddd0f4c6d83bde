"""Plain data as YAML with PyYAML, in the form that people of the archives write: block style, order kept."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yaml import SafeDumper


class Quoted(str):
    """A text that is written between double quotes even where YAML would take it without."""


def quoted(data: Any) -> Any:
    """The data with every text in it between quotes; keys stay bare."""
    if isinstance(data, Mapping):
        return {key: quoted(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [quoted(item) for item in data]
    return Quoted(data) if isinstance(data, str) else data


def dump(data: Mapping[str, Any], start: bool = False) -> str:
    """A mapping as a YAML document; `start`: with a line `---` above it."""
    import yaml

    form: dict[str, Any] = {"sort_keys": False, "allow_unicode": True, "width": 10**9, "explicit_start": start}
    return str(yaml.dump(data, Dumper=_dumper(), **form))


@cache
def _dumper() -> type[SafeDumper]:
    """Lists are indented, nothing is written as yes and no, quotes are double, nothing is named to be used twice."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

        def ignore_aliases(self, data: Any) -> bool:
            return True

        def choose_scalar_style(self) -> Any:
            style = super().choose_scalar_style()
            return '"' if style == "'" else style

    core = "tag:yaml.org,2002:"
    Dumper.add_representer(Quoted, lambda dumper, text: dumper.represent_scalar(f"{core}str", text, style='"'))
    Dumper.add_representer(bool, lambda dumper, yes: dumper.represent_scalar(f"{core}bool", "yes" if yes else "no"))
    Dumper.add_representer(type(None), lambda dumper, _: dumper.represent_scalar(f"{core}null", ""))
    return Dumper


def read(text: str) -> Any:
    """YAML as lists, mappings and texts: `yes` stays "yes", nothing else is built. Raises yaml.YAMLError."""
    import yaml

    return yaml.load(text, yaml.BaseLoader)
