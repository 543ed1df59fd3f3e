"""How large the claims are in each format of a release, and how long pandas takes to load them: one table, medians of five.

``python benchmarks/formats.py`` in the environment of the release. Every format takes its turn in each round, in a process that
has imported what it needs; the file is in the system's cache. The size is that of the file: SQLite and the workbook hold all
views, the API is a file per country.
"""

import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis.report import release

ROUNDS = 5
DAYS = ["date_earliest", "date_latest", "public_on"]


def from_sqlite(path: Path) -> pd.DataFrame:
    with sqlite3.connect(path) as base:
        return pd.read_sql("SELECT * FROM claims", base, parse_dates=DAYS)


def from_api(folder: Path) -> pd.DataFrame:
    files = sorted((folder / "countries").glob("*.json"))
    return pd.concat([pd.DataFrame(json.loads(path.read_text(encoding="utf-8"))["claims"]) for path in files])


FORMATS: dict[str, tuple[str, Callable[[Path], pd.DataFrame]]] = {
    "CSV": ("claims.csv", lambda path: pd.read_csv(path, parse_dates=DAYS)),
    "Parquet": ("parquet/claims.parquet", pd.read_parquet),
    "SQLite": (f"{release.NAME}.sqlite", from_sqlite),
    "XLSX": (f"{release.NAME}.xlsx", lambda path: pd.read_excel(path, sheet_name="claims")),
    "JSON by country": ("api/v1", from_api),
}


def size(path: Path) -> int:
    return sum(file.stat().st_size for file in ([path] if path.is_file() else path.rglob("*.json")))


def measure(folder: Path, rounds: int = ROUNDS) -> list[tuple[str, int, float, int]]:
    """Format, bytes, median seconds and rows, for each of :data:`FORMATS` in the folder of a release."""
    seconds: dict[str, list[float]] = {name: [] for name in FORMATS}
    rows = {}
    for _ in range(rounds + 1):  # the first round imports what each needs, and is not counted
        for name, (path, load) in FORMATS.items():
            start = time.perf_counter()
            rows[name] = len(load(folder / path))
            seconds[name].append(time.perf_counter() - start)
    return [
        (name, size(folder / path), statistics.median(seconds[name][1:]), rows[name])
        for name, (path, _) in FORMATS.items()
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as aside:
        folder, *_ = release.build(Path(aside))
        print("| Format | KiB | Milliseconds to load the claims | Rows |")
        print("|---|---|---|---|")
        for name, bytes_, median, rows in measure(folder):
            print(f"| {name} | {bytes_ / 1024:,.0f} | {1000 * median:,.0f} | {rows:,} |")


if __name__ == "__main__":
    main()
