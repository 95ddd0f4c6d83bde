"""The dictionary's claims: judged by pandera, once a workbook, each thing that stands there once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from rembi_sheets.checks import claims, pandera_lightly
from rembi_sheets.schema import Layout, load
from rembi_sheets.tables import Table, made
from rembi_sheets.values import UNREADABLE

ALL = load().archive_names


def _publications(**cells: list[Any]) -> Table:
    return made(load()["publications"], cells)


def _codes(table: Table) -> list[tuple[str, str, list[int]]]:
    return [(c.code, c.column.name, rows) for c, rows in claims.broken([table], load(), ALL)[table.sheet.name]]


def test_rows_of_what_does_not_hold_in_the_order_of_the_columns() -> None:
    titles = ["One", "Two", "One ", None]
    dois = ["10.1234/a", "ten", "10.1234/c", "ten"]
    found = _codes(_publications(title=titles, doi=dois, year=[2020, 3020, 2020, 12]))
    assert ("FORMAT-BAD", "doi", [3, 5]) in found
    assert ("NUMBER-RANGE", "year", [3, 5]) in found
    places = [load()["publications"].columns.index(load()["publications"][name]) for _, name, _ in found]
    of_cells = [p for p, (code, _, _) in zip(places, found, strict=True) if code not in (claims.TWICE, claims.WHEN)]
    assert of_cells == sorted(of_cells)


def test_unreadable_and_absent_cells_have_no_value_and_a_key_counts_without_blanks_and_case() -> None:
    table = made(load()["biosamples"], {"identity": ["He La", "HELA ", "he  la", None, UNREADABLE, UNREADABLE]})
    found = _codes(table)
    assert (claims.TWICE, "identity", [2, 4]) in found
    assert (claims.REQUIRED, "identity", [5]) in found


def test_a_condition_is_asked_of_rows_without_a_value_alone() -> None:
    name = "image_data"
    rows = {"name": ["A", "B", "C"], "pixel_size_x": [1, 1, None], "pixel_size_unit": ["µm", None, None]}
    found = _codes(made(load()[name], rows))
    assert [r for code, column, r in found if (code, column) == (claims.WHEN, "pixel_size_unit")] == [[3]] * 3


def test_pandera_judges_once_and_equal_values_once(monkeypatch: pytest.MonkeyPatch) -> None:
    library = pandera_lightly.load()
    judged: list[list[Any]] = []
    real = library.SeriesSchema.validate

    def watched(self: Any, series: Any, **how: Any) -> Any:
        judged.append(series.tolist())
        return real(self, series, **how)

    monkeypatch.setattr(library.SeriesSchema, "validate", watched)
    publications = _publications(title=["A"] * 500, doi=["10.1234/a", "ten"] * 250)
    samples = made(load()["biosamples"], {"identity": ["B"] * 500})
    found = claims.broken([publications, samples], load(), ALL)
    assert len(judged) == 1
    assert all(Counter(seen.things).most_common(1)[0][1] == 1 and len(seen.things) < 10 for seen in judged[0])
    assert [len(rows) for claim, rows in found["publications"] if claim.code == "FORMAT-BAD"] == [250]
    assert [len(rows) for claim, rows in found["biosamples"] if claim.code == claims.TWICE] == [500]


def test_the_schema_is_made_once_a_set_of_archives(monkeypatch: pytest.MonkeyPatch) -> None:
    made_: list[int] = []
    real = claims._schema
    monkeypatch.setattr(claims, "_judges", {})
    monkeypatch.setattr(claims, "_schema", lambda of: made_.append(len(of)) or real(of))
    for _ in range(3):
        _codes(_publications(title=["A"]))
        _codes(_publications(title=["A", "A"], doi=["ten", None]))
    assert len(made_) == 1
    claims.broken([_publications(title=["A"])], load(), ALL[:1])
    assert len(made_) == 2


def test_every_property_of_a_column_is_a_claim() -> None:
    for sheet in load().sheets:
        of = {(c.code, c.column.name) for c in claims.of_sheet(sheet, ALL)}
        for column in (c for c in sheet.columns if not c.own):
            assert ((claims.REQUIRED, column.name) in of) == bool(column.needed_by(ALL)), column.name
            limited = (column.minimum, column.above, column.maximum) != (None, None, None)
            assert (("NUMBER-RANGE", column.name) in of) == limited, column.name
            assert (("TEXT-LONG", column.name) in of) == (column.max_length is not None), column.name
        assert any(code == claims.TWICE for code, _ in of) == bool(
            sheet.key and sheet.layout is Layout.TABLE and not sheet.own
        )


_LIGHT = """
import sys
sys.modules.pop("hypothesis", None)
from rembi_sheets.checks import pandera_lightly
library = pandera_lightly.load()
import pandas
schema = library.SeriesSchema(None, checks=[library.Check(lambda s: s > 0, name="above")])
schema.validate(pandas.Series([1, 2]))
assert "hypothesis" not in sys.modules, "a check loads it"
assert not {"unittest.mock", "asyncio", "ssl"} & set(sys.modules), "a check loads them"
assert not {"pydantic", "pydantic_core", "typeguard"} & set(sys.modules), "a check loads them"
from pandera.engines import pandas_engine
asked = pandas_engine.BaseModel
assert not isinstance(1, asked)
import pydantic
class Model(pydantic.BaseModel):
    one: int
assert isinstance(Model(one=1), asked) and not isinstance(1, asked), "a model is known as soon as there are any"
assert pandas_engine.create_model("Other", two=(int, ...))(two=2).two == 2
try:
    pandas_engine.typeguard.check_type("a", int)
except pandas_engine.typeguard.TypeCheckError._meant(sys.modules["typeguard"]):
    pass
import hypothesis
assert hypothesis.given, "it is there for whoever asks for it later"
assert pandera_lightly.load() is library
"""


def test_pandera_is_loaded_without_the_makers_of_made_up_data() -> None:
    done = subprocess.run([sys.executable, "-c", _LIGHT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


_ANOTHER = """
import sys
sys.path.insert(0, sys.argv[1])
from rembi_sheets.checks import pandera_lightly
library = pandera_lightly.load()
assert library.__file__.startswith(sys.argv[1])
assert library.Model(one=1).one == 1 and "pydantic" in sys.modules
assert pandera_lightly.load() is library
"""


def test_a_pandera_that_needs_more_is_loaded_with_it(tmp_path: Path) -> None:
    (tmp_path / "pandera").mkdir()
    (tmp_path / "pandera" / "__init__.py").write_text("")
    (tmp_path / "pandera" / "pandas.py").write_text("import pydantic\nclass Model(pydantic.BaseModel):\n    one: int\n")
    done = subprocess.run([sys.executable, "-c", _ANOTHER, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_module_that_is_loaded_already_stays() -> None:
    import hypothesis

    with pandera_lightly._absent("hypothesis"):
        assert sys.modules["hypothesis"] is hypothesis
    with pandera_lightly._absent("no_such_module_of_ours"), pytest.raises(ImportError):
        import no_such_module_of_ours  # type: ignore[import-not-found]  # noqa: F401
    assert "no_such_module_of_ours" not in sys.modules
