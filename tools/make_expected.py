"""Converts every example and keeps the outputs and findings beside it, for people to read and tests to compare.

    python tools/make_expected.py [NAME ...]     all examples, or those named

Look at the difference in git before you keep it: these files are what the archives get.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from rembi_sheets import examples, pipeline  # noqa: E402

TODAY = dt.date(2026, 11, 22)


def outputs(name: str) -> dict[str, bytes]:
    """Every output of an example by its path below `expected`, and its findings."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        workbook = home / f"{name}.xlsx"
        workbook.write_bytes(examples.workbook_bytes(name))
        for path, content in examples.data_files(name).items():
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_bytes(content)
        made = pipeline.convert(pipeline.read(workbook), examples.info(name).archives, today=TODAY)
        if not made.files:
            raise SystemExit(f"{name} has errors: {[f.message for f in made.findings if f.severity == 'error']}")
        pipeline.write(made, home / "deposit")
        files = {p: p.read_bytes() for p in (home / "deposit").rglob("*") if p.is_file()}
        out = {p.relative_to(home / "deposit").as_posix(): content for p, content in files.items()}
    record = json.loads(out.pop("conversion.json"))
    # Names, losses and findings; not the digests of files that lie here whole, nor of the schema in the workbook.
    kept = {k: record[k] for k in ("archives", "counts", "findings", "losses")}
    kept["files"] = [f["name"] for f in record["files"]]
    out["conversion.json"] = (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode()
    return dict(sorted(out.items()))


def main() -> None:
    for name in sys.argv[1:] or examples.names():
        target = ROOT / "examples" / name / "expected"
        shutil.rmtree(target, ignore_errors=True)
        for path, content in outputs(name).items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(content)
        print(f"{name}: {len(outputs(name))} files")


if __name__ == "__main__":
    main()
