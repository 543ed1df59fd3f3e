"""Whose files are whose in a published folder, and how one edition takes the place of another there."""

import contextlib
import os
from pathlib import Path

import pytest

from analysis.report import manifest, publishing
from analysis.values import paths


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "BUILD", tmp_path / "build")
    monkeypatch.setattr(paths, "REPORTS", tmp_path / "reports")
    monkeypatch.setattr(paths, "EDITIONS", tmp_path / "reports" / "editions")
    (tmp_path / "build").mkdir()
    return tmp_path


def edition(folder: Path, **texts: str) -> Path:
    """A report of these pages, with its manifest."""
    (folder / "tables").mkdir(parents=True)
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text)
        (folder / "tables" / f"{name}.csv").write_text(text)
    outputs = {path.relative_to(folder).as_posix(): manifest.digest(path) for path in folder.rglob("*.*")}
    manifest.write(folder, {"inputs": {}, "parameters": {}, "outputs": outputs})
    return folder


def files(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != manifest.NAME)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


def publish(new: Path, target: Path) -> None:
    publishing.keep_foreign(new, target)
    publishing.swap(new, target)


NEW = {"a.html": "new", "tables/a.csv": "new"}


@pytest.fixture(params=["exchanged", "renamed", "a mount point"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way in which a folder can take the place of another."""
    if request.param == "renamed":
        monkeypatch.setattr(publishing, "_exchange", lambda new, target: False)
    if request.param == "a mount point":
        monkeypatch.setattr(publishing.os.path, "ismount", lambda path: Path(path).name == "reports")
    return str(request.param)


def test_what_a_build_wrote_goes_and_what_others_wrote_stays(project: Path, way: str) -> None:
    reports = edition(project / "reports", a="old", b="old")
    (reports / "CNAME").write_text("example.org")
    (reports / "notes" / "deep").mkdir(parents=True)
    (reports / "notes" / "deep" / "mine.txt").write_text("mine")
    (reports / "tables" / "mine.csv").write_text("mine")
    (reports / "link").symlink_to("CNAME")
    (reports / "empty").mkdir()
    publish(edition(project / "build" / "report-1", a="new"), reports)
    others = {"CNAME": "example.org", "notes/deep/mine.txt": "mine", "tables/mine.csv": "mine", "link": "example.org"}
    assert files(reports) == NEW | others
    assert os.readlink(reports / "link") == "CNAME"
    assert (reports / "empty").is_dir()
    assert manifest.damaged(reports) == []


def test_of_a_report_without_its_manifest_tables_and_figures_are_ours(project: Path) -> None:
    reports = edition(project / "reports", old="old")
    (reports / manifest.NAME).unlink()
    (reports / "notes.txt").write_text("mine")
    publish(edition(project / "build" / "report-1", a="new"), reports)
    assert files(reports) == NEW | {"old.html": "old", "notes.txt": "mine"}


def test_a_file_in_the_way_of_a_folder_is_named_and_nothing_is_changed(project: Path) -> None:
    reports = edition(project / "reports", a="old")
    (reports / "tables" / "a.csv").unlink()
    (reports / "tables" / "a.csv").mkdir()
    (reports / "tables" / "a.csv" / "mine.txt").write_text("mine")
    before = files(reports)
    with pytest.raises(
        OSError, match=r"reports/tables/a.csv/mine.txt was not made by a build and is in its way: move it away$"
    ):
        publish(edition(project / "build" / "report-1", a="new"), reports)
    assert files(reports) == before


def test_a_link_is_followed_and_stays_a_link(project: Path, way: str) -> None:
    edition(project / "elsewhere", a="old")
    (project / "reports").symlink_to("elsewhere")
    publish(edition(project / "build" / "report-1", a="new"), project / "reports")
    assert os.readlink(project / "reports") == "elsewhere"
    assert files(project / "elsewhere") == NEW


@pytest.mark.parametrize("number", range(8))
def test_contents_whose_exchange_was_cut_off_are_whole_after_the_next_build_has_tidied(
    project: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Cut off at each renaming in turn: the report is the old or the new one, and never stays a mixture."""
    reports = edition(project / "reports", a="old", b="old")
    (reports / "CNAME").write_text("example.org")
    old = files(reports)
    new = edition(project / "build" / "report-1", a="new")
    publishing.keep_foreign(new, reports)
    monkeypatch.setattr(publishing.os.path, "ismount", lambda path: True)
    rename, done = os.rename, []

    def cut_off(source: Path, target: Path) -> None:
        if len(done) == number:
            raise KeyboardInterrupt
        done.append(source)
        rename(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(publishing.os, "rename", cut_off)
        with contextlib.suppress(KeyboardInterrupt):
            publishing.swap(new, reports)
    publishing.tidy()
    left = files(reports)
    assert left in (old, NEW | {"CNAME": "example.org"})
    assert manifest.damaged(reports) == []
    assert not [path.name for path in reports.iterdir() if path.name.startswith(".")]


def test_sockets_of_processes_that_have_ended_are_put_away(project: Path) -> None:
    for process in (os.getpid(), 2**22 + 1):
        (project / "build" / "tmp" / str(process)).mkdir(parents=True)
    publishing.tidy()
    assert [path.name for path in (project / "build" / "tmp").iterdir()] == [str(os.getpid())]
