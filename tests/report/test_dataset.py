"""The data of an edition: what a researcher loads gives the published numbers, and the schema describes what is there."""

import csv
import json
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import yaml
from frictionless import Package, system

from analysis import ledger
from analysis.ledger import schema
from analysis.report import dataset, release
from analysis.values import paths
from analysis.views import answers, provenance, sensitivity
from analysis.views.parameters import Parameters

DAYS = ["date_earliest", "date_latest", "public_on"]
# The headline → the quantities of the claims that it rests on: who received people had agreed, who agreed is reported.
COUNTRIES = {
    "countries_received": ["countries_received"],
    "countries_agreed": ["countries_received", "countries_agreed"],
    "countries_reported": ["countries_received", "countries_agreed", "countries_reported"],
}


@pytest.fixture(scope="module", params=["latest", "2025-05-07"])
def parameters(request):
    return Parameters(as_of=request.param)


@pytest.fixture(scope="module")
def known(parameters):
    return parameters.apply(ledger.load())


@pytest.fixture(scope="module")
def folder(known, parameters, tmp_path_factory):
    target = tmp_path_factory.mktemp("edition") / "data"
    dataset.write(target, known, parameters)
    return target


@pytest.fixture(scope="module")
def claims(folder):
    return pd.read_csv(folder / "claims.csv", parse_dates=DAYS)


@pytest.fixture(scope="module")
def numbers(known, parameters):
    return answers.compute(known, parameters)


@pytest.mark.parametrize("quantity", ["usd_paid", "people_at_least"])
def test_a_naive_sum_over_what_counts_is_the_published_number(numbers, claims, quantity):
    counted = claims[claims["counted"] & (claims["quantity"] == quantity)]
    assert counted["value_min"].sum() == numbers[quantity].value
    assert set(counted["claim_id"]) <= set(numbers[quantity].claim_ids)
    assert set(counted["iso3"]) == set(numbers[quantity].receivers)


@pytest.mark.parametrize("quantity", COUNTRIES)
def test_the_distinct_countries_of_what_counts_are_the_published_count(numbers, claims, quantity):
    counted = claims[claims["counted"] & claims["quantity"].isin(COUNTRIES[quantity])]
    assert counted["iso3"].nunique() == numbers[quantity].value
    assert set(counted["claim_id"]) == set(numbers[quantity].claim_ids)


def test_a_claim_counts_for_a_headline_or_says_why_not(claims):
    assert (claims["counted"] == claims["quantity"].notna()).all()
    assert (claims["counted"] == claims["why_not"].isna()).all()


def test_every_file_is_what_its_descriptor_says(folder):
    system.trusted = True
    report = Package(str(folder / "datapackage.json")).validate()
    assert [error.message for task in report.tasks for error in task.errors][:5] == []
    assert len(report.tasks) == len(list(folder.rglob("*.csv")))


def test_days_are_read_as_days_wherever_the_descriptor_says_so(folder):
    for resource in schema.views()["resources"]:
        days = [field["name"] for field in resource["schema"]["fields"] if field["type"] == "date"]
        frame = pd.read_csv(folder / resource["path"], parse_dates=days)
        wrong = [column for column in days if not pd.api.types.is_datetime64_any_dtype(frame[column])]
        assert frame.empty or wrong == [], resource["path"]


def test_a_spreadsheet_computes_nothing_and_cuts_nothing(folder):
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            cells = [cell for row in csv.reader(lines) for cell in row]
        assert [cell for cell in cells if re.match(r"[=+@\t\r]|-(?![\d.]+$)", cell)] == [], path.name
        assert max(map(len, cells)) < 32_768, path.name  # characters that a cell of Excel holds


def test_an_edition_holds_what_was_known_by_its_day_and_the_raw_tables_whole(folder, claims, known):
    assert claims["public_on"].max() == known.as_of
    for table in ("steps", "sources"):
        assert (folder / "raw" / f"{table}.csv").read_bytes() == (paths.DATA / f"{table}.csv").read_bytes()


def test_the_api_has_an_index_and_a_file_per_country(folder, claims, numbers):
    index = json.loads((folder / "api" / "v1" / "index.json").read_text(encoding="utf-8"))
    assert {row["iso3"] for row in index["countries"]} == set(claims["iso3"].dropna())
    assert {row["quantity"]: row["best"] for row in index["answers"]} == {n: a.value for n, a in numbers.items()}
    rwanda = json.loads((folder / "api" / "v1" / "countries" / "RWA.json").read_text(encoding="utf-8"))
    assert rwanda["positions"][0]["furthest_step"] == "received"
    assert {row["iso3"] for row in rwanda["claims"]} == {"RWA"}


def test_sqlite_has_the_raw_tables_with_their_keys_and_the_views_as_views(known, parameters, numbers, tmp_path):
    release.write_sqlite(tmp_path / "ledger.sqlite", dataset.views(known, parameters), known)
    with sqlite3.connect(tmp_path / "ledger.sqlite") as base:
        paid = base.execute("SELECT SUM(value_min) FROM claims WHERE quantity = 'usd_paid'").fetchone()[0]
        blank = base.execute("SELECT COUNT(*) FROM claims WHERE quantity = ''").fetchone()[0]
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        kinds = dict(base.execute("SELECT name, type FROM sqlite_master WHERE name IN ('positions', 'raw_steps')"))
        about = base.execute("SELECT line FROM about").fetchone()[0]
    assert (paid, blank) == (numbers["usd_paid"].value, 0)
    assert kinds == {"positions": "view", "raw_steps": "table"}
    assert dataset.version() in about


def test_one_version_of_the_data_stands_wherever_it_is_cited(folder):
    version = dataset.version()
    assert release.wrong_version(version, ledger.load()) == []
    citation = yaml.safe_load((paths.PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
    deposit = json.loads((paths.PROJECT / ".zenodo.json").read_text(encoding="utf-8"))
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    readme = (paths.PROJECT / "README.md").read_text(encoding="utf-8")
    assert {citation["version"], deposit["version"], package["version"]} == {version}
    assert f"data version {version}" in readme
    assert str(citation["date-released"]) == deposit["publication_date"] == version.replace(".", "-")
    assert deposit["dates"][0]["end"] == ledger.load().as_of.date().isoformat()
    assert (citation["title"], citation["license"].lower()) == (deposit["title"], deposit["license"])


def test_the_figures_that_the_readme_gives_as_limits_are_so():
    limits = (paths.PROJECT / "README.md").read_text(encoding="utf-8").split("## Limits")[1].split("\n## ")[0]
    whole, chosen = ledger.load(), Parameters()
    sources = provenance.source_list(whole.with_undated())
    assert f"{(sources['read'] == 'not_seen').sum()} of {len(sources):,} are known only through" in limits
    published = answers.compute(whole, chosen)["people_at_least"]
    without = answers.compute(sensitivity.without_digests(whole), chosen)["people_at_least"]
    assert f'"at least {published.words} people"' in limits
    assert f"without digests {without.words} remain" in limits


def test_what_the_readme_shows_under_use_the_data_is_so(tmp_path, monkeypatch):
    section = (paths.PROJECT / "README.md").read_text(encoding="utf-8").split("## Use the data")[1].split("\n## ")[0]
    assert len(section.strip().splitlines()) <= 12
    known = Parameters().apply(ledger.load())
    dataset.write(tmp_path / "reports" / "data", known, Parameters())
    monkeypatch.chdir(tmp_path)
    for path in re.findall(r"`(reports/data[^`]*)`", section):
        assert (tmp_path / path).exists(), path
    names = {"pandas": pd}
    said = 0
    for line in section.split("```")[1].strip().splitlines():
        code, _, value = line.partition("  # ")
        if value:
            assert eval(code, names) == int(value.replace(",", "")), code
            said += 1
        else:
            exec(code, names)
    assert said


def test_what_the_first_page_shows_loads_the_claims(tmp_path, monkeypatch):
    template = (paths.REPORT_TEMPLATES / "index.html.j2").read_text(encoding="utf-8")
    shown = template.split('aria-label="How to load the data">')[1].split("</pre>")[0].splitlines()
    code = {tool: text.strip() for tool, _, text in (line.partition(" ") for line in shown)}
    known = Parameters().apply(ledger.load())
    dataset.write(tmp_path / "data", known, Parameters())
    monkeypatch.chdir(tmp_path)
    claims = eval(code["pandas"], {"pandas": pd})
    assert claims["public_on"].max() == known.as_of
    assert len(duckdb.sql(code["DuckDB"]).fetchall()) == len(claims)
    assert all(Path(path).is_file() for path in code["JSON"].split(", "))
    assert code["Stata"].endswith("(untried)")
    if shutil.which("Rscript"):
        count = ["Rscript", "-e", f"cat(nrow({code['R']}))"]
        done = subprocess.run(count, capture_output=True, text=True, check=True)
        assert done.stdout == str(len(claims))
