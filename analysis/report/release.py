"""A release of the data: every format that its users expect, one zip, a wheel, and SHA-256 sums, in ``dist/``.

The version is the day of the newest report, ``2026.09.30``, apart from the code's. The same inputs and library versions give
the same bytes. What belongs elsewhere: the CSV files and their descriptor (``dataset``), pages (``site``).

Typical use::

    release.build()
"""

import hashlib
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from analysis import ledger as ledger_package
from analysis.ledger import Ledger, files, schema
from analysis.report import dataset, describe
from analysis.values import paths
from analysis.views import answers
from analysis.views.parameters import Parameters

DIST = paths.PROJECT / "dist"
NAME = "third-country-ledger"
FIXED_TIME = (2025, 1, 20, 0, 0, 0)  # of files in archives: the same inputs give the same bytes
SQL_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "date": "TEXT", "string": "TEXT"}
PART_OF_WHEEL = ("values", "ledger", "views")


def version(ledger: Ledger) -> str:
    """The version of the data: the day of the newest report that counts, ``2026.09.30``."""
    return f"{ledger.as_of:%Y.%m.%d}"


def build(target: Path = DIST) -> list[Path]:
    """Write the release into ``target``, replacing what an earlier release left there; returns the files that are offered.

    Raises:
        ImportError: the extra ``release`` is not installed (pyarrow, xlsxwriter).
        LedgerError: the ledger cannot be read.
    """
    # pyarrow, which writes Parquet, would otherwise change how pandas keeps text.
    with pd.option_context("mode.string_storage", "python"):
        return _build(target)


def _build(target: Path) -> list[Path]:
    ledger, parameters = ledger_package.load(), Parameters()
    name = f"{NAME}-{version(ledger)}"
    with tempfile.TemporaryDirectory(dir=_made(target)) as aside:
        folder = Path(aside) / name
        dataset.write(folder, ledger, parameters)
        frames = dataset.views(ledger, parameters)
        write_sqlite(folder / f"{NAME}.sqlite", frames)
        write_xlsx(folder / f"{NAME}.xlsx", frames, ledger)
        write_parquet(folder / "parquet", frames)
        _documents(folder, ledger, parameters)
        describe.write(folder, ledger, version(ledger))
        offered = [_zip(folder, Path(aside) / f"{name}.zip"), _wheel(folder, Path(aside), version(ledger))]
        sums = "".join(f"{_sha256(path)}  {path.name}\n" for path in offered)
        (Path(aside) / "SHA256SUMS").write_text(sums, encoding="utf-8")
        final = [target / path.name for path in (folder, *offered, Path(aside) / "SHA256SUMS")]
        for place in final:
            if place.is_dir():
                shutil.rmtree(place)
            (Path(aside) / place.name).replace(place)
    return final


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_sqlite(path: Path, frames: dict[str, pd.DataFrame]) -> None:
    """The raw tables with their keys, and each computed view: a table ``computed_…`` and over it a view of its name."""
    raw = {resource["name"]: resource for resource in schema.package()["resources"]}
    with closing(sqlite3.connect(path)) as base:
        for name, resource in raw.items():
            rows = files.read_table(name).cells
            base.execute(_create(f"raw_{name}", resource["schema"], "raw_"))
            _insert(base, f"raw_{name}", rows.astype("object").where(rows != "", None))
        for resource in schema.views()["resources"]:
            name, fields = resource["name"], resource["schema"]
            base.execute(_create(f"computed_{name}", fields, ""))
            _insert(base, f"computed_{name}", _for_sql(frames[name]))
            base.execute(f"CREATE VIEW {name} AS SELECT * FROM computed_{name}")
        base.commit()
        base.execute("VACUUM")


def _create(name: str, table: dict[str, Any], prefix: str) -> str:
    columns = [f'"{field["name"]}" {SQL_TYPES[field["type"]]}' for field in table["fields"]]
    keys = table.get("primaryKey", [])
    columns += [f"PRIMARY KEY ({', '.join(keys)})"] if keys else []
    columns += [
        f"FOREIGN KEY ({key['fields']}) REFERENCES {prefix}{key['reference']['resource']} ({key['reference']['fields']})"
        for key in table.get("foreignKeys", [])
    ]
    return f"CREATE TABLE {name} ({', '.join(columns)})"


def _for_sql(frame: pd.DataFrame) -> pd.DataFrame:
    """Days as text, truth as 0 and 1, missing as NULL."""
    frame = frame.copy()
    for column in frame.columns:
        if pd.api.types.is_datetime64_any_dtype(frame[column]):
            frame[column] = frame[column].dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_bool_dtype(frame[column]):
            frame[column] = frame[column].astype("int64")
    return frame.astype("object").where(frame.notna(), None)


def _insert(base: sqlite3.Connection, table: str, rows: pd.DataFrame) -> None:
    marks = ", ".join("?" * len(rows.columns))
    base.executemany(f"INSERT INTO {table} VALUES ({marks})", rows.itertuples(index=False, name=None))


def write_xlsx(path: Path, frames: dict[str, pd.DataFrame], ledger: Ledger) -> None:
    """A sheet per view with its head frozen; the first sheet says what the workbook is."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": "Third-Country Ledger", "created": ledger.as_of.to_pydatetime()})
        bold = book.add_format({"bold": True})
        about = book.add_worksheet("README")
        for number, line in enumerate(_about(ledger)):
            about.write_string(number, 0, line, bold if number == 0 else None)
        about.set_column(0, 0, 110)
        titles = {resource["name"]: resource for resource in schema.views()["resources"]}
        for name, frame in frames.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, len(frame.columns) - 1, 16)
            for column, title in enumerate(frame.columns):
                sheet.write_string(0, column, title, bold)
            for number, row in enumerate(_for_sql(frame).itertuples(index=False, name=None), start=1):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(number, column, value)
                    elif value is not None:
                        sheet.write_number(number, column, value)
            about.write_string(
                len(_about(ledger)) + 1 + list(frames).index(name), 0, f"{name}: {titles[name]['description']}"
            )


def _about(ledger: Ledger) -> list[str]:
    return [
        f"Third-Country Ledger, data version {version(ledger)}",
        "What news reports say about U.S. third-country deportation arrangements.",
        f"Newest report read: {answers.newest_day(ledger)}.",
        "One row per claim by one source; positions, sums and counts are computed from them. Reported, not established.",
        "Data: CC BY 4.0. For a single fact cite the outlet that first reported it; every row names it.",
        "Columns: CODEBOOK.md. How a report becomes rows: CODING.md. How numbers are made: METHOD.md.",
    ]


def write_parquet(folder: Path, frames: dict[str, pd.DataFrame]) -> None:
    """A Parquet file per view, with typed days and numbers."""
    import pyarrow
    import pyarrow.parquet

    folder.mkdir()
    for name, frame in frames.items():
        table = pyarrow.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
        pyarrow.parquet.write_table(table, folder / f"{name}.parquet", compression="zstd")


def _documents(folder: Path, ledger: Ledger, parameters: Parameters) -> None:
    environment = _environment()
    numbers = answers.compute(ledger, parameters)
    known = {"version": version(ledger), "day": answers.newest_day(ledger), "numbers": numbers, "about": _about(ledger)}
    (folder / "README.md").write_text(environment.get_template("release_readme.md.j2").render(known), encoding="utf-8")
    (folder / "CITATION.bib").write_text(environment.get_template("citation.bib.j2").render(known), encoding="utf-8")
    citation = (paths.PROJECT / "CITATION.cff").read_text(encoding="utf-8")
    (folder / "CITATION.cff").write_text(citation, encoding="utf-8")


def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(paths.REPORT_TEMPLATES)
    return jinja2.Environment(loader=loader, keep_trailing_newline=True, undefined=jinja2.StrictUndefined)


def _zip(folder: Path, path: Path) -> Path:
    """The folder as one zip, its files in order and with a fixed time."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in _files(folder):
            entry = zipfile.ZipInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}", FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return path


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _wheel(data: Path, target: Path, number: str) -> Path:
    """A wheel ``third-country-ledger`` that carries the data and needs pandas alone.

    It holds the layers that compute views, so that ``load(name, as_of=…)`` can answer for any day.
    """
    from flit_core import wheel

    with tempfile.TemporaryDirectory() as aside:
        project = Path(aside)
        package = project / "third_country_ledger"
        (package / "data").mkdir(parents=True)
        environment = _environment()
        known = {"version": ".".join(str(int(part)) for part in number.split(".")), "data_version": number}
        (package / "__init__.py").write_text(
            environment.get_template("third_country_ledger.py.j2").render(known), encoding="utf-8"
        )
        text = environment.get_template("wheel_pyproject.toml.j2").render(known)
        (project / "pyproject.toml").write_text(text, encoding="utf-8")
        for layer in PART_OF_WHEEL:
            for source in sorted((paths.PROJECT / "analysis" / layer).rglob("*.py")):
                code = source.read_text(encoding="utf-8")
                code = code.replace("from analysis", "from third_country_ledger.analysis")
                place = package / "analysis" / source.relative_to(paths.PROJECT / "analysis")
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(code, encoding="utf-8")
        (package / "analysis" / "__init__.py").write_text('"""The layers that compute views."""\n', encoding="utf-8")
        for source in (*paths.DATA.glob("*.csv"), *paths.DATA.glob("*.json"), paths.DATA / "LICENSE"):
            shutil.copyfile(source, package / "data" / source.name)
        shutil.copytree(paths.REFERENCE, package / "data" / "reference", ignore=shutil.ignore_patterns("*.py"))
        (package / "views").mkdir()
        for source in data.glob("*.csv"):
            shutil.copyfile(source, package / "views" / source.name)
        made = wheel.make_wheel_in(project / "pyproject.toml", target)
    return made.file
