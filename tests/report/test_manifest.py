import importlib.metadata
import json
import subprocess
import sys

import pytest

from analysis.report import manifest
from analysis.values import paths
from analysis.views.parameters import Parameters


@pytest.fixture
def report(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "REPORTS", tmp_path)
    (tmp_path / "tables").mkdir()
    (tmp_path / "index.html").write_text("page")
    (tmp_path / "tables" / "one.csv").write_text("a,b\n")
    described = manifest.describe(tmp_path, Parameters().as_dict(), "2025-05-07", {"steps": 3}, manifest.inputs())
    manifest.write(tmp_path, described)
    return tmp_path


def test_a_whole_report_made_of_the_present_inputs_is_current(report):
    assert manifest.damaged(report) == []
    assert manifest.current(Parameters())


def test_files_changed_or_missing_are_named(report):
    (report / "index.html").write_text("other")
    (report / "tables" / "one.csv").unlink()
    assert manifest.damaged(report) == ["index.html", "tables/one.csv"]
    assert not manifest.current(Parameters())


@pytest.mark.parametrize("text", ["", "{", None])
def test_a_report_without_a_manifest_that_can_be_read_is_not_current(report, text):
    path = report / manifest.NAME
    path.unlink() if text is None else path.write_text(text)
    assert manifest.damaged(report) == ["manifest.json"]
    assert not manifest.current(Parameters())


def test_other_inputs_or_parameters_are_not_current(report, monkeypatch):
    other = json.loads((report / manifest.NAME).read_text())
    assert {"data/steps.csv", "analysis/values/dates.py", "requirements.lock", "notebooks/05_evidence.ipynb"} <= set(
        other["inputs"]
    )
    other["inputs"]["data/steps.csv"] = "0" * 64
    manifest.write(report, other)
    assert not manifest.current(Parameters())
    other["inputs"] = manifest.inputs()
    other["parameters"]["min_origins"] = 2
    manifest.write(report, other)
    assert not manifest.current(Parameters())


def test_nothing_changed_is_told_without_loading_what_makes_reports():
    code = (
        "import sys, analysis.report.manifest, analysis.views.parameters\n"
        "print(sorted({'pandas', 'matplotlib', 'papermill'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


@pytest.fixture
def tables(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "DATA", tmp_path)
    (tmp_path / "steps.csv").write_text("a")
    return tmp_path


@pytest.mark.parametrize("name", ["steps.csv", "payments.csv"])
def test_a_moment_holds_until_a_file_is_saved_or_added(tables, name):
    moment = manifest.Moment.now()
    moment.must_hold()
    (tables / name).write_text("b")
    with pytest.raises(manifest.InputsChanged, match=f"{name} was saved while it was being read"):
        moment.must_hold()


def test_a_file_changed_and_changed_back_is_told_apart_from_one_that_was_not(tables):
    moment = manifest.Moment.now()
    (tables / "steps.csv").write_text("bb")
    (tables / "steps.csv").write_text("a")
    with pytest.raises(manifest.InputsChanged):
        moment.must_hold()


@pytest.mark.parametrize(
    ("name", "anew"),
    [
        ("data/steps.csv", True),
        ("notebooks/01.ipynb", True),
        ("data/datapackage.json", False),
        ("analysis/a.py", False),
    ],
)
def test_a_build_starts_over_only_for_what_it_reads_anew(name, anew):
    assert manifest.InputsChanged(name).read_anew is anew


def test_other_versions_than_those_of_the_build_are_not_current(report, monkeypatch):
    monkeypatch.setattr(manifest, "installed", lambda: {"numpy": "0.0"})
    assert not manifest.current(Parameters())


def test_the_versions_are_those_installed_of_the_packages_in_the_lock():
    found = manifest.installed()
    assert found["pandas"] == importlib.metadata.version("pandas")
    assert found["matplotlib-inline"] == importlib.metadata.version("matplotlib-inline")
    assert "pytest" not in found
