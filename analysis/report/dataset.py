"""The data of an edition as files: the flat claims, each view, the raw tables, and a small API in files.

Views are described in ``data/views.json``; what is written has exactly those columns. What belongs elsewhere: other formats
(``release``), pages (``site``).

Typical use::

    dataset.write(folder, ledger, Parameters())
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.display.tables.table import csv_of
from analysis.ledger import Ledger, LedgerError, schema
from analysis.values import countries, paths
from analysis.values.problems import Problem
from analysis.views import everything
from analysis.views.answers import Frames
from analysis.views.parameters import Parameters

RAW, API = "raw", "api/v1"
DOCUMENTS = ("CODEBOOK.md", "CODING.md", "METHOD.md", "CHANGELOG.md", "LICENSE")
# The views whose rows are of one country, and the column that says of which.
OF_A_COUNTRY = {
    "positions": "receiver",
    "arrangements": "receiver",
    "denials": "receiver",
    "payments": "receiver",
    "transfers": "receiver",
    "destinations": "receiver",
    "timing": "receiver",
    "acts": "receiver",
    "claims": "iso3",
}


def views(
    ledger: Ledger,
    parameters: Parameters,
    choices: pd.DataFrame | None = None,
    found: Frames | None = None,
) -> dict[str, pd.DataFrame]:
    """Every view by name, with the columns that ``data/views.json`` describes, in its order; arguments as for
    ``everything.Views``.

    Raises :class:`analysis.ledger.LedgerError` if it describes what is not computed.
    """
    frames, described = everything.Views(ledger, parameters, choices, found), {}
    for resource in schema.views()["resources"]:
        name, columns = resource["name"], [field["name"] for field in resource["schema"]["fields"]]
        if lost := [column for column in columns if name not in frames or column not in frames[name]]:
            rule = f"the views and columns that are computed: not {name}.{lost[0]}"
            raise LedgerError([Problem(paths.relative(paths.DATA / schema.VIEWS), 0, "", "", rule, "correct the name")])
        described[name] = frames[name][columns]
    return described


def version() -> str:
    """The version of the data, ``2026.09.30``, as ``data/datapackage.json`` has it.

    It is the day on which they were last changed, and apart from the version of the code (``analysis.__version__``). Rule:
    CONTRIBUTING, *Release the data*.
    """
    return str(schema.package().get("version", ""))


def without_zeros(version: str) -> str:
    """A version for those who read its parts as numbers: ``2026.09.30`` → ``2026.9.30``."""
    return ".".join(str(int(part)) for part in version.split("."))


def package(ledger: Ledger) -> dict[str, Any]:
    """One Data Package over the folder: the views as known by ``newest_report``, the raw tables whole under ``raw/``."""
    whole = dict(schema.package())
    raw = []
    for resource in whole["resources"]:
        keys = [
            key | {"reference": key["reference"] | {"resource": f"raw_{key['reference']['resource']}"}}
            for key in resource["schema"].get("foreignKeys", [])
        ]
        columns = resource["schema"] | ({"foreignKeys": keys} if keys else {})
        raw.append(
            resource | {"name": f"raw_{resource['name']}", "path": f"{RAW}/{resource['path']}", "schema": columns}
        )
    return whole | {"newest_report": f"{ledger.as_of:%Y-%m-%d}", "resources": [*schema.views()["resources"], *raw]}


def write(
    folder: Path,
    ledger: Ledger,
    parameters: Parameters,
    choices: pd.DataFrame | None = None,
    found: Frames | None = None,
) -> dict[str, pd.DataFrame]:
    """Write the data of an edition into ``folder``: what was known by its day, and the raw tables as typed.

    Arguments as for ``everything.Views``; returns the frames of :func:`views`, which were written.

    ``claims.csv`` and a CSV per view hold what the parameters let be seen; ``raw/`` holds the whole tables whatever the day;
    ``api/v1/`` holds the same by country as JSON; ``datapackage.json`` describes all tables, and the documents say how
    they were made.
    """
    (folder / RAW).mkdir(parents=True)
    frames = views(ledger, parameters, choices, found)
    for name, frame in frames.items():
        _text(folder / f"{name}.csv", csv_of(frame))
    for resource in schema.package()["resources"]:
        shutil.copyfile(paths.DATA / resource["path"], folder / RAW / resource["path"])
    _text(folder / "datapackage.json", _json(package(ledger)))
    for name in DOCUMENTS:
        shutil.copyfile(paths.DATA / name, folder / name)
    _api(folder / API, frames, ledger)
    return frames


def _api(folder: Path, frames: dict[str, pd.DataFrame], ledger: Ledger) -> None:
    """An index, and a file per country with all that is known of it."""
    (folder / "countries").mkdir(parents=True)
    codes = sorted(set(frames["claims"]["iso3"]) - {""})
    position = frames["positions"].set_index("receiver")["furthest_step"]
    listed = [
        {
            "iso3": code,
            "name": countries.name(code),
            "furthest_step": position.get(code),
            "href": f"countries/{code}.json",
        }
        for code in codes
    ]
    known = {"data_version": version(), "newest_report": f"{ledger.as_of:%Y-%m-%d}"}
    index = known | {"answers": _records(frames["answers"]), "countries": listed}
    _text(folder / "index.json", _json(index))
    of_each = {name: _by_country(frames[name], column) for name, column in OF_A_COUNTRY.items()}
    for code in codes:
        about = {name: rows.get(code, []) for name, rows in of_each.items()}
        _text(folder / "countries" / f"{code}.json", _json({"iso3": code, "name": countries.name(code)} | about))


def _by_country(frame: pd.DataFrame, column: str) -> dict[str, list[dict[str, Any]]]:
    """The records of each country, whose code stands in ``column``."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _records(frame):
        found.setdefault(row[column], []).append(row)
    return found


def blank_as_missing(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with blank texts as missing, which formats that know the difference hold as such."""
    texts = [column for column in frame.columns if isinstance(frame[column].dtype, pd.StringDtype)]
    return frame.assign(**{column: frame[column].mask(frame[column] == "") for column in texts})


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows that JSON can hold: days as YYYY-MM-DD, missing and blank as null."""
    plain = blank_as_missing(frame)
    for column in plain.columns:
        if pd.api.types.is_datetime64_any_dtype(plain[column]):
            plain[column] = plain[column].dt.strftime("%Y-%m-%d")
    return json.loads(plain.to_json(orient="records"))


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")
