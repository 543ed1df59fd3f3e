import json
import shutil

import pytest

from analysis import edition, evidence, notebooks, paths, site
from analysis.ledger import LedgerError
from analysis.parameters import ParameterError, Parameters


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of its own: the real ledger and notebooks, its own reports/ and build folder, no kernel started."""
    monkeypatch.setattr(paths, "REPORTS", tmp_path / "reports")
    monkeypatch.setattr(paths, "EDITIONS", tmp_path / "reports" / "editions")
    monkeypatch.setattr(paths, "BUILD", tmp_path / "build")
    (tmp_path / "build").mkdir()

    def run_all(tasks, jobs=None):
        for source, target, _ in tasks:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            yield target.stem, 0.0

    monkeypatch.setattr(notebooks, "run_all", run_all)
    monkeypatch.setattr(evidence, "countries", lambda book, programme: ["RWA", "XKX"])
    return tmp_path


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_edition_is_named_after_what_differs():
    assert edition.folder_of(Parameters()) == paths.REPORTS
    assert edition.folder_of(Parameters(as_of="2025-05-07", min_origins=2)).name == "as-of-2025-05-07_min-origins-2"


def test_two_builds_are_the_same_bytes(project):
    first = files(edition.build())
    assert files(edition.build()) == first
    assert "index.html" in first


def test_an_edition_stands_beside_the_default_one_and_survives_it(project):
    edition.build()
    before = files(project / "reports")
    folder = edition.build({"as_of": "2025-05-07"})
    assert folder == project / "reports" / "editions" / "as-of-2025-05-07"
    assert {
        name: data for name, data in files(project / "reports").items() if not name.startswith("editions/")
    } == before
    edition.build()
    assert (folder / "index.html").is_file()


def test_every_country_with_a_claim_in_scope_is_run_with_its_own_code(make_ledger):
    steps = [{"arrangement_id": "rwa-removal-2025"}, {"arrangement_id": "any-removal-2025"}]
    book = make_ledger(steps=steps, payments=[{"arrangement_id": "swz-removal-2025"}])
    tasks = edition.plan(book, Parameters(), {"min_origins": 2})
    assert [(target.name, values) for _, target, values in tasks[-2:]] == [
        ("RWA.ipynb", {"min_origins": 2, "country": "RWA"}),
        ("SWZ.ipynb", {"min_origins": 2, "country": "SWZ"}),
    ]


def test_a_country_has_a_page_under_its_name(project):
    page = (edition.build() / "countries" / "XKX.html").read_text(encoding="utf-8")
    assert "<h1>Kosovo</h1>" in page
    assert 'href="../style.css"' in page


def test_the_manifest_lists_parameters_and_the_hash_of_every_file(project):
    folder = edition.build({"min_origins": 2})
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["parameters"]["min_origins"] == 2
    assert set(manifest["outputs"]) == set(files(folder)) - {"manifest.json"}
    assert not any(name.startswith("/") for name in [*manifest["inputs"], *manifest["outputs"]])
    assert "data/steps.csv" in manifest["inputs"]


@pytest.mark.parametrize("failing", ["check", "notebook", "pages", "swap"])
def test_whatever_fails_the_published_report_stays_whole(project, monkeypatch, failing):
    edition.build()
    before = files(project / "reports")

    def fail(*args, **kwargs):
        raise {"notebook": notebooks.NotebookError("01.ipynb", 3, "boom", "copy"), "check": LedgerError([])}.get(
            failing, OSError("disk full")
        )

    if failing == "check":
        monkeypatch.setattr(edition.checks, "check", lambda: fail())
    elif failing == "notebook":
        monkeypatch.setattr(notebooks, "run_all", fail)
    elif failing == "pages":
        monkeypatch.setattr(site, "write", fail)
    else:
        monkeypatch.setattr(edition, "_exchange", lambda new, target: False)
        monkeypatch.setattr(edition.os, "rename", fail)
    with pytest.raises((LedgerError, notebooks.NotebookError, OSError)):
        edition.build()
    assert files(project / "reports") == before
    assert not list((project / "build").glob("report-*"))


def test_a_bad_parameter_stops_the_build_before_anything_runs(project):
    with pytest.raises(ParameterError):
        edition.build({"as_of": "yesterday"})
    assert not (project / "reports").exists()


@pytest.mark.parametrize("exchange", [True, False], ids=["in one step", "in two"])
def test_a_swap_replaces_the_whole_folder(tmp_path, monkeypatch, exchange):
    monkeypatch.setattr(paths, "BUILD", tmp_path)
    if not exchange:
        monkeypatch.setattr(edition, "_exchange", lambda new, target: False)
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(name)
    (tmp_path / "old").rename(tmp_path / "target")
    edition.swap(tmp_path / "new", tmp_path / "target")
    assert files(tmp_path / "target") == {"new.txt": b"new"}


def test_a_swap_that_fails_half_way_puts_the_old_folder_back(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "BUILD", tmp_path)
    monkeypatch.setattr(edition, "_exchange", lambda new, target: False)
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "old.txt").write_text("old")
    with pytest.raises(FileNotFoundError):
        edition.swap(tmp_path / "missing", tmp_path / "target")
    assert files(tmp_path / "target") == {"old.txt": b"old"}
