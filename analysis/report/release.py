"""A release of the data: every format that its users expect, one zip, a wheel, and SHA-256 sums, in ``dist/``.

The files are named by the version of the data (:func:`dataset.version`); an edition that is there is never replaced by another
of its name. The same inputs and library versions give the same bytes. What belongs elsewhere: the CSV files and their
descriptor (``dataset``), pages (``site``).

Typical use::

    release.build()
"""

import datetime as dt
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
from analysis.report import dataset, describe, notebooks
from analysis.report.site.harvest import prefix
from analysis.values import paths
from analysis.values.problems import LedgerError, Problem
from analysis.views import answers
from analysis.views.parameters import Parameters

DIST = paths.PROJECT / "dist"
NAME = "third-country-ledger"
VERSION = "%Y.%m.%d"  # of the data: a day that reads as three numbers, as catalogues of data ask for
FIXED_TIME = (2025, 1, 20, 0, 0, 0)  # of files in archives: the same inputs give the same bytes
SQL_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "date": "TEXT", "string": "TEXT"}
PART_OF_WHEEL = ("values", "ledger", "views")
SCRIPTS = paths.PROJECT / "tests" / "researchers"  # what readers are shown is what the tests run
EXAMPLES, NOTEBOOKS, TABLES = "examples", "notebooks", "tables"
DAY_IN_WORKBOOK = "yyyy-mm-dd"


def build(target: Path = DIST) -> list[Path]:
    """Write the release into ``target`` beside those of other versions; returns what was written.

    The tables that the notebooks made are taken from ``reports/tables`` as they lie there: whoever calls this sees to it that
    the report is the one of now (``manifest.current``), as ``make release`` does.

    Raises:
        ImportError: the extra ``release`` is not installed (pyarrow, xlsxwriter).
        LedgerError: the ledger cannot be read, its version is no day or one before its newest report, or ``target`` has a
            release of the same version with other contents.
    """
    # pyarrow, which writes Parquet, would otherwise change how pandas keeps text.
    with pd.option_context("mode.string_storage", "python"):
        return _build(target)


def _build(target: Path) -> list[Path]:
    ledger, parameters = ledger_package.load(), Parameters()
    version = dataset.version()
    refuse(wrong_version(version, ledger))
    name = f"{NAME}-{version}"
    with tempfile.TemporaryDirectory(dir=_made(target)) as aside:
        folder = Path(aside) / name
        frames = dataset.write(folder, ledger, parameters)
        write_sqlite(folder / f"{NAME}.sqlite", frames, ledger)
        write_xlsx(folder / f"{NAME}.xlsx", frames, ledger)
        write_parquet(folder / "parquet", frames)
        _documents(folder, ledger, parameters)
        runs = _runs(folder)
        describe.write(folder, ledger, version, runs)
        offered = [_zip(folder, Path(aside) / f"{name}.zip"), _wheel(folder, Path(aside), version)]
        refuse(changed_release(offered[0], target / offered[0].name))
        sums = {path: _sha256(path) for path in offered}
        page = Path(aside) / f"{name}.html"
        page.write_text(_page(folder, sums, ledger), encoding="utf-8", newline="")
        listed = Path(aside) / f"{name}.sha256"
        listed.write_text("".join(f"{sum_}  {path.name}\n" for path, sum_ in sums.items()), encoding="utf-8")
        final = [target / path.name for path in (folder, *offered, page, listed)]
        for place in final:
            if place.is_dir():
                shutil.rmtree(place)
            (Path(aside) / place.name).replace(place)
    return final


def wrong_version(version: str, ledger: Ledger) -> list[Problem]:
    """What is wrong with the version of the data: it is the day on which they were last changed, as three numbers."""
    newest = ledger.as_of.date()
    try:
        changed = dt.datetime.strptime(version, VERSION).date()
    except ValueError:
        changed = dt.date.min
    if changed >= newest and version == changed.strftime(VERSION):
        return []
    file = paths.relative(paths.DATA / "datapackage.json")
    rule = "the version of the data is the day of their last change, YYYY.MM.DD, not before the newest report"
    fix = f'write "version": "{newest:{VERSION}}" or a later day there, in CITATION.cff and in .zenodo.json'
    return [Problem(file, 0, "version", version, rule, fix)]


def changed_release(made: Path, there: Path) -> list[Problem]:
    """What is wrong where a release of that name is there already: nothing if it is the same to the byte."""
    if not there.exists() or there.read_bytes() == made.read_bytes():
        return []
    version = dataset.version()
    rule = "a release is never changed: this version is there with other contents"
    fix = f"raise the version of the data (after {version}), or delete {there.name} if nobody has it"
    return [Problem(paths.relative(there), 0, "version", version, rule, fix)]


def refuse(problems: list[Problem]) -> None:
    """Raises :class:`LedgerError` if there are any."""
    if problems:
        raise LedgerError(problems)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_sqlite(path: Path, frames: dict[str, pd.DataFrame], ledger: Ledger) -> None:
    """The raw tables with their keys, each computed view (a table ``computed_…`` and over it a view of its name), ``about``."""
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
        base.execute("CREATE TABLE about (line TEXT)")
        base.executemany("INSERT INTO about VALUES (?)", [(line,) for line in _about(ledger)])
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
    """Days as text, truth as 0 and 1, missing and blank as NULL."""
    frame = dataset.blank_as_missing(frame)
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
        as_day = book.add_format({"num_format": DAY_IN_WORKBOOK})
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
            sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
            for number, row in enumerate(dataset.blank_as_missing(frame).itertuples(index=False, name=None), start=1):
                for column, value in enumerate(row):
                    if pd.isna(value):
                        continue
                    if isinstance(value, str):
                        sheet.write_string(number, column, value)
                    elif isinstance(value, bool):
                        sheet.write_boolean(number, column, value)
                    elif isinstance(value, pd.Timestamp):
                        sheet.write_datetime(number, column, value.to_pydatetime(), as_day)
                    else:
                        sheet.write_number(number, column, value)
            about.write_string(
                len(_about(ledger)) + 1 + list(frames).index(name), 0, f"{name}: {titles[name]['description']}"
            )


def _about(ledger: Ledger) -> list[str]:
    return [
        f"Third-Country Ledger, data version {dataset.version()}",
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
        table = pyarrow.Table.from_pandas(
            dataset.blank_as_missing(frame), preserve_index=False
        ).replace_schema_metadata(None)
        pyarrow.parquet.write_table(table, folder / f"{name}.parquet", compression="zstd")


def _documents(folder: Path, ledger: Ledger, parameters: Parameters) -> None:
    numbers = answers.compute(ledger, parameters)
    known = {
        "version": dataset.version(),
        "day": answers.newest_day(ledger),
        "numbers": numbers,
        "about": _about(ledger),
    }
    for name, template in (("README.md", "release_readme.md.j2"), ("CITATION.bib", "citation.bib.j2")):
        text = _environment().get_template(template).render(known | {"scripts": scripts()})
        (folder / name).write_text(text, encoding="utf-8", newline="")
    shutil.copyfile(paths.PROJECT / "CITATION.cff", folder / "CITATION.cff")
    shutil.copytree(SCRIPTS, folder / EXAMPLES, ignore=shutil.ignore_patterns("__pycache__"))


def scripts() -> dict[str, str]:
    """Name → text of the scripts that load a format and print the published numbers."""
    return {path.name: path.read_text(encoding="utf-8").strip() for path in sorted(SCRIPTS.iterdir()) if path.is_file()}


def _page(folder: Path, sums: dict[Path, str], ledger: Ledger) -> str:
    """The page of the release: what there is to download, how large, with which sum, and how to load it."""
    offered = [{"name": path.name, "size": path.stat().st_size, "sha256": sum_} for path, sum_ in sums.items()]
    files = [{"name": path.name, "size": path.stat().st_size} for path in sorted(folder.iterdir()) if path.is_file()]
    known = {"about": _about(ledger), "offered": offered, "folder": folder.name, "files": files, "scripts": scripts()}
    return _environment().get_template("release.html.j2").render(known)


def _runs(folder: Path) -> list[describe.Run]:
    """The notebooks with the tables that they show, copied into the folder, each as a run."""
    (folder / TABLES).mkdir()
    (folder / NOTEBOOKS).mkdir()
    runs = []
    for source in notebooks.all_of():
        shutil.copyfile(source, folder / NOTEBOOKS / source.name)
        results = sorted((paths.REPORTS / TABLES).glob(f"{prefix(source)}_*.csv"))
        for table in results:
            shutil.copyfile(table, folder / TABLES / table.name)
        made = tuple(f"{TABLES}/{table.name}" for table in results)
        runs.append(
            describe.Run(f"{NOTEBOOKS}/{source.name}", notebooks.question(source), notebooks.defaults(source), made)
        )
    return runs


def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(paths.REPORT_TEMPLATES)
    return jinja2.Environment(
        loader=loader,
        autoescape=jinja2.select_autoescape(("html.j2",)),
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


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
        known = {"version": dataset.without_zeros(number), "data_version": number}
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
        with (target / "wheel").open("w+b") as made:
            builder = wheel.WheelBuilder.from_ini_path(project / "pyproject.toml", made)
            builder.source_time_stamp = FIXED_TIME
            builder.build()
    return (target / "wheel").rename(target / builder.wheel_filename)
