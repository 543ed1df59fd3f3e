"""The data of an edition: what a researcher loads gives the published numbers, and the schema describes what is there."""

import json
import re
import sqlite3
import zipfile

import pandas as pd
import pytest
from frictionless import Package, system

from analysis import ledger
from analysis.report import dataset, release
from analysis.views import answers
from analysis.views.parameters import Parameters

DAYS = ["date_earliest", "date_latest", "public_on"]


@pytest.fixture(scope="module")
def known():
    return Parameters().apply(ledger.load())


@pytest.fixture(scope="module")
def folder(known, tmp_path_factory):
    target = tmp_path_factory.mktemp("edition") / "data"
    dataset.write(target, known, Parameters())
    return target


@pytest.fixture(scope="module")
def claims(folder):
    return pd.read_csv(folder / "claims.csv", parse_dates=DAYS)


@pytest.mark.parametrize("quantity", ["usd_paid", "people_at_least"])
def test_a_naive_sum_over_what_counts_is_the_published_number(known, claims, quantity):
    counted = claims[claims["counted"] & (claims["quantity"] == quantity)]
    assert counted["value_min"].sum() == answers.compute(known, Parameters())[quantity].value


def test_the_distinct_countries_of_what_counts_are_the_published_count(known, claims):
    received = claims[claims["quantity"] == "countries_received"]["iso3"].nunique()
    assert received == answers.compute(known, Parameters())["countries_received"].value


def test_every_claim_that_does_not_count_says_why(claims):
    assert (claims["counted"] == claims["why_not"].isna()).all()


def test_every_file_is_what_its_descriptor_says(folder):
    system.trusted = True
    report = Package(str(folder / "datapackage.json")).validate()
    assert [error.message for task in report.tasks for error in task.errors][:5] == []


def test_an_edition_holds_what_was_known_by_its_day_and_the_raw_tables_whole(tmp_path):
    early = Parameters(as_of="2025-05-07")
    dataset.write(tmp_path / "data", early.apply(ledger.load()), early)
    claims = pd.read_csv(tmp_path / "data" / "claims.csv", parse_dates=DAYS)
    assert claims["public_on"].max() <= pd.Timestamp("2025-05-07")
    assert len(pd.read_csv(tmp_path / "data" / "raw" / "steps.csv")) > len(claims)


def test_the_api_has_an_index_and_a_file_per_country(folder, claims):
    index = json.loads((folder / "api" / "v1" / "index.json").read_text(encoding="utf-8"))
    assert {row["iso3"] for row in index["countries"]} == set(claims["iso3"].dropna())
    rwanda = json.loads((folder / "api" / "v1" / "countries" / "RWA.json").read_text(encoding="utf-8"))
    assert rwanda["positions"][0]["furthest_step"] == "received"
    assert {row["iso3"] for row in rwanda["claims"]} == {"RWA"}


def test_sqlite_has_the_raw_tables_with_their_keys_and_the_views_as_views(known, tmp_path):
    release.write_sqlite(tmp_path / "ledger.sqlite", dataset.views(known, Parameters()))
    with sqlite3.connect(tmp_path / "ledger.sqlite") as base:
        paid = base.execute("SELECT SUM(value_min) FROM claims WHERE quantity = 'usd_paid'").fetchone()[0]
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        kinds = dict(base.execute("SELECT name, type FROM sqlite_master WHERE name IN ('positions', 'raw_steps')"))
    assert paid == answers.compute(known, Parameters())["usd_paid"].value
    assert kinds == {"positions": "view", "raw_steps": "table"}


def test_a_workbook_has_a_sheet_per_view_and_begins_with_what_it_is(known, tmp_path):
    pytest.importorskip("xlsxwriter", reason="the extra release is not installed: no workbook was written")
    frames = dataset.views(known, Parameters())
    release.write_xlsx(tmp_path / "ledger.xlsx", frames, known)
    with zipfile.ZipFile(tmp_path / "ledger.xlsx") as archive:
        names = re.findall(r'<sheet name="([^"]+)"', archive.read("xl/workbook.xml").decode("utf-8"))
        assert len({entry.date_time for entry in archive.infolist()}) == 1  # no clock in it
    assert names == ["README", *frames]
