"""The data of an edition as files: the flat claims, each view, and the raw tables, with the descriptor of every column.

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

from analysis.ledger import Ledger, schema
from analysis.values import paths
from analysis.views import (
    acts,
    answers,
    denials,
    flat,
    payments,
    positions,
    sensitivity,
    tallies,
    timing,
    transfers,
)
from analysis.views.parameters import Parameters

DESCRIPTOR = paths.DATA / "views.json"
RAW = "raw"  # the folder with the tables as they are typed in
DOCUMENTS = ("CODEBOOK.md", "CODING.md", "METHOD.md", "CHANGELOG.md", "LICENSE")


def views(ledger: Ledger, parameters: Parameters) -> dict[str, pd.DataFrame]:
    """Every view by name, with the columns that ``data/views.json`` describes, in its order."""
    found = answers.frames(ledger, parameters)
    numbers = answers.compute(ledger, parameters, found)
    movements = transfers.reported(ledger, parameters)
    frames = {
        "claims": flat.claims(ledger, parameters),
        "answers": answers.table(numbers),
        "positions": found.countries,
        "arrangements": positions.by_arrangement(ledger, parameters),
        "denials": denials.listed(ledger, parameters),
        "payments": found.payments,
        "payment_totals": payments.totals(found.payments),
        "transfers": movements,
        "destinations": found.destinations,
        "timing": timing.by_country(ledger, parameters),
        "months": positions.by_month(ledger, parameters),
        "tallies": tallies.reconcile(ledger, parameters),
        "sensitivity": sensitivity.by_choice(ledger, parameters),
        "acts": acts.listed(ledger, parameters),
    }
    return {name: frames[name][list(types)] for name, types in columns().items()}


def descriptor() -> dict[str, Any]:
    """The descriptor of the views, as read from ``data/views.json``."""
    return json.loads(DESCRIPTOR.read_text(encoding="utf-8"))


def columns() -> dict[str, dict[str, str]]:
    """View → column → Table Schema type."""
    return {
        resource["name"]: {field["name"]: field["type"] for field in resource["schema"]["fields"]}
        for resource in descriptor()["resources"]
    }


def package() -> dict[str, Any]:
    """One Data Package over everything in the folder: the views, and the raw tables under ``raw/``."""
    whole = dict(schema.package())
    raw = []
    for resource in whole["resources"]:
        moved = resource | {"name": f"raw_{resource['name']}", "path": f"{RAW}/{resource['path']}"}
        keys = [
            key | {"reference": key["reference"] | {"resource": f"raw_{key['reference']['resource']}"}}
            for key in resource["schema"].get("foreignKeys", [])
        ]
        moved["schema"] = resource["schema"] | ({"foreignKeys": keys} if keys else {})
        raw.append(moved)
    return whole | {"resources": [*descriptor()["resources"], *raw]}


def to_csv(frame: pd.DataFrame) -> str:
    """A frame as CSV: days as YYYY-MM-DD, whole numbers without a point, true and false, missing as nothing."""
    return frame.apply(_plain).to_csv(index=False, lineterminator="\n")


def _plain(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.dt.strftime("%Y-%m-%d")
    if pd.api.types.is_bool_dtype(column):
        return column.map({True: "true", False: "false"})
    if pd.api.types.is_float_dtype(column):
        return column.map(
            lambda value: "" if pd.isna(value) else f"{value:.0f}" if float(value).is_integer() else repr(float(value))
        )
    return column


def write(folder: Path, ledger: Ledger, parameters: Parameters) -> None:
    """Write the data of an edition into the empty ``folder``: what was known by its day, and the raw tables as typed.

    ``claims.csv`` and a CSV per view hold what the parameters let be seen; ``raw/`` holds the whole tables whatever the day;
    ``datapackage.json`` describes all of it, and the documents say how it was made.
    """
    (folder / RAW).mkdir(parents=True)
    for name, frame in views(ledger, parameters).items():
        (folder / f"{name}.csv").write_text(to_csv(frame), encoding="utf-8", newline="")
    for resource in schema.package()["resources"]:
        shutil.copyfile(paths.DATA / resource["path"], folder / RAW / resource["path"])
    text = json.dumps(package(), indent=1, ensure_ascii=False) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8", newline="")
    for name in DOCUMENTS:
        shutil.copyfile(paths.DATA / name, folder / name)
