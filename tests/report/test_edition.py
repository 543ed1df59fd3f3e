import dataclasses
import datetime as dt
import json
from functools import lru_cache

import nbformat
import pytest

from analysis import ledger
from analysis.ledger import LedgerError
from analysis.report import cache, edition, manifest, notebooks, publishing, site
from analysis.report.progress import Progress
from analysis.values import paths
from analysis.views import scope
from analysis.views.parameters import ParameterError, Parameters


class Project:
    """A folder with reports/ and a build folder of its own, and the names of the pages that would have been run."""

    def __init__(self, folder):
        self.folder, self.pages = folder, []

    def __truediv__(self, name):
        return self.folder / name

    def ran(self):
        """The pages run since the last time this was asked."""
        pages, self.pages[:] = sorted(self.pages), []
        return pages


@lru_cache
def stored(source, name):
    """The part that the stored outputs of a notebook make."""
    return json.dumps(site.part(nbformat.read(source, as_version=4), name)).encode("utf-8")


class Written:
    """In place of the whole site, which has tests of its own: each page's part, the edition, and the claims it knows."""

    def __init__(self, folder, names, read, ledger, parameters):
        self.folder, self.names, self.read, self.ledger, self.parameters = folder, names, read, ledger, parameters
        self.groups = ["index", *names]

    def notebooks_of(self, group):
        return [group] if group in self.names else []

    def write(self, group):
        target = self.folder / f"{group}.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        if group in self.names:
            target.write_text(json.dumps(self.read(group), sort_keys=True), encoding="utf-8")
            return
        known = {"parameters": self.parameters.as_dict(), "as_of": str(self.ledger.as_of)}
        known |= {"claims": list(self.ledger.claims["claim_id"])}
        target.write_text(json.dumps(known, sort_keys=True), encoding="utf-8")
        (self.folder / "data" / "api" / "v1").mkdir(parents=True)
        (self.folder / "data" / "answers.json").write_text("{}", encoding="utf-8")
        (self.folder / "data" / "api" / "v1" / "index.json").write_text('{"countries": []}', encoding="utf-8")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The real ledger and notebooks in a project of its own; no notebook is run, its stored outputs are taken."""
    made = Project(tmp_path)
    monkeypatch.setattr(paths, "REPORTS", tmp_path / "reports")
    monkeypatch.setattr(paths, "EDITIONS", tmp_path / "reports" / "editions")
    monkeypatch.setattr(paths, "BUILD", tmp_path / "build")

    def each(function, tasks, jobs=None, warm=True, **_):
        for number, (source, _, _, name, _) in enumerate(tasks):
            made.pages.append(name)
            yield number, 0.0, stored(source, name)

    monkeypatch.setattr(notebooks, "each", each)
    monkeypatch.setattr(notebooks, "prepare", lambda: None)
    monkeypatch.setattr(site, "Report", Written)
    monkeypatch.setattr(scope, "countries_in_scope", lambda book, programme: ["RWA", "XKX"])
    return made


def build(**values):
    (folder,) = edition.build([values])
    return folder


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def without_editions(folder):
    """The files of the report itself; those of the editions, and their list, are not its own."""
    return {name: data for name, data in files(folder).items() if not name.startswith("editions/")}


def test_an_edition_is_named_after_what_differs():
    assert manifest.folder_of(Parameters()) == paths.REPORTS
    assert manifest.folder_of(Parameters(as_of="2025-05-07", min_origins=2)).name == "as-of-2025-05-07_min-origins-2"


def test_two_builds_are_the_same_bytes(project):
    first = files(build())
    assert files(build()) == first
    assert "index.html" in first


def test_an_edition_stands_beside_the_default_one_and_survives_it(project):
    build()
    before = without_editions(project / "reports")
    folder = build(as_of="2025-05-07")
    assert folder == project / "reports" / "editions" / "as-of-2025-05-07"
    assert without_editions(project / "reports") == before
    assert "as-of-2025-05-07" in (folder.parent / "index.html").read_text(encoding="utf-8")
    build()
    assert (folder / "index.html").is_file()


def test_every_country_with_a_claim_in_scope_is_run_with_its_own_code(make_ledger):
    steps = [{"arrangement_id": "rwa-removal-2025"}, {"arrangement_id": "any-removal-2025"}]
    book = make_ledger(steps=steps, payments=[{"arrangement_id": "swz-removal-2025"}])
    pages = edition.plan(book, Parameters(min_origins=2)).pages
    assert [(page.name, page.values) for page in pages[-2:]] == [
        ("countries/RWA", {"min_origins": 2, "country": "RWA"}),
        ("countries/SWZ", {"min_origins": 2, "country": "SWZ"}),
    ]


def test_a_country_has_a_page_under_its_code(project):
    assert (build() / "countries" / "XKX.html").is_file()


def test_the_manifest_lists_parameters_and_the_hash_of_every_file(project):
    folder = build(min_origins=2)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["parameters"]["min_origins"] == 2
    assert set(manifest["outputs"]) == set(files(folder)) - {"manifest.json"}
    assert not any(name.startswith("/") for name in [*manifest["inputs"], *manifest["outputs"]])
    assert "data/steps.csv" in manifest["inputs"]


@pytest.mark.parametrize("failing", ["check", "notebook", "pages", "verify", "swap"])
def test_whatever_fails_the_published_report_stays_whole(project, monkeypatch, failing):
    build()
    before = files(project / "reports")

    def fail(*args, **kwargs):
        raise {"notebook": notebooks.NotebookError("01.ipynb", 3, "boom"), "check": LedgerError([])}.get(
            failing, OSError("disk full")
        )

    if failing == "check":
        monkeypatch.setattr(edition.checks, "check", lambda: fail())
    elif failing == "notebook":
        monkeypatch.setattr(notebooks, "each", fail)
    elif failing == "pages":
        monkeypatch.setattr(Written, "write", fail)
    elif failing == "verify":
        monkeypatch.setattr(manifest, "damaged", lambda folder: ["index.html"])
    else:
        monkeypatch.setattr(publishing, "_exchange", lambda new, target: False)
        monkeypatch.setattr(publishing.os, "rename", fail)
    with pytest.raises((LedgerError, notebooks.NotebookError, OSError)):
        edition.build(force=True)
    assert files(project / "reports") == before
    assert not list((project / "build").glob("report-*"))


def test_a_bad_parameter_stops_the_build_before_anything_runs(project):
    with pytest.raises(ParameterError):
        build(as_of="yesterday")
    assert not (project / "reports").exists()


@pytest.mark.parametrize("exchange", [True, False], ids=["in one step", "in two"])
def test_a_swap_replaces_the_whole_folder(tmp_path, monkeypatch, exchange):
    monkeypatch.setattr(paths, "BUILD", tmp_path)
    if not exchange:
        monkeypatch.setattr(publishing, "_exchange", lambda new, target: False)
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(name)
    (tmp_path / "old").rename(tmp_path / "target")
    publishing.swap(tmp_path / "new", tmp_path / "target")
    assert files(tmp_path / "target") == {"new.txt": b"new"}


def test_a_swap_that_fails_half_way_puts_the_old_folder_back(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "BUILD", tmp_path)
    monkeypatch.setattr(publishing, "_exchange", lambda new, target: False)
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "old.txt").write_text("old")
    with pytest.raises(FileNotFoundError):
        publishing.swap(tmp_path / "missing", tmp_path / "target")
    assert files(tmp_path / "target") == {"old.txt": b"old"}


# --- only what changed ------------------------------------------------------------------------------------------------


def edited(monkeypatch, **cells):
    """Let the ledger say something else in the first step about a country: ``edited(patch, country="GHA", wording="x")``."""
    load = ledger.load

    def other(folder=paths.DATA):
        book = load(folder)
        row = book.steps.index[book.steps["receiver"] == cells["country"]][0]
        steps = book.steps.copy()
        for column, value in cells.items():
            if column != "country":
                steps.loc[row, column] = value
        return dataclasses.replace(book, steps=steps)

    monkeypatch.setattr(ledger, "load", other)


def test_nothing_is_run_again_when_nothing_has_changed(project):
    build()
    assert "countries/XKX" in project.ran()
    build()
    assert project.ran() == []
    assert manifest.current(Parameters())


def test_force_runs_everything_again(project):
    build()
    first = project.ran()
    edition.build(force=True)
    assert project.ran() == first


def test_a_claim_touches_the_brief_of_its_country_and_of_no_other(project, monkeypatch):
    build()
    project.ran()
    edited(monkeypatch, country="XKX", wording="something else")
    build()
    pages = project.ran()
    assert "countries/XKX" in pages
    assert "countries/RWA" not in pages
    assert "country_brief" not in pages
    assert "01_countries_by_region" in pages


def test_the_line_on_which_a_claim_stands_touches_nothing(project, monkeypatch):
    build()
    project.ran()
    edited(monkeypatch, country="XKX", line=9999)
    build()
    assert project.ran() == []


@pytest.mark.parametrize(("asking", "expected"), [("x = 1", []), ("set_up(notes=True)", ["01_countries_by_region"])])
def test_a_note_touches_only_the_notebooks_that_ask_for_notes(project, monkeypatch, asking, expected):
    cells = notebooks.cells
    more = {"01_countries_by_region": [("code", [], asking)]}
    monkeypatch.setattr(notebooks, "cells", lambda path: cells(path) + more.get(path.stem, []))
    build()
    project.ran()
    edited(monkeypatch, country="XKX", note="something else", coded_on="2026-01-01")
    build()
    assert project.ran() == expected


@pytest.mark.parametrize("what", ["code", "lock file", "cells", "parameters"])
def test_what_a_page_is_made_of_touches_it(project, monkeypatch, what):
    build()
    everything = project.ran()
    if what == "code":
        monkeypatch.setattr(manifest, "code", lambda: [paths.PROJECT / "analysis" / "values" / "dates.py"])
    elif what == "lock file":
        monkeypatch.setattr(paths, "PROJECT", project.folder)
    elif what == "cells":
        monkeypatch.setattr(notebooks, "cells", lambda path: [("code", [], path.stem)])
    build(**({"min_origins": 2} if what == "parameters" else {}))
    assert project.ran() == everything


def test_the_outputs_stored_in_a_notebook_do_not_touch_its_page(tmp_path):
    path = tmp_path / "page.ipynb"
    notebook = nbformat.read(notebooks.all_of()[0], as_version=4)
    nbformat.write(notebook, path)
    before = notebooks.cells(path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)
    assert notebooks.cells(path) == before


def test_a_damaged_entry_is_run_again_and_never_published(project):
    folder = build()
    before = files(folder)
    project.ran()
    for entry in cache.folder().iterdir():
        data = entry.read_bytes()
        entry.write_bytes(data.replace(b"Rwanda", b"Uganda"))
    edition.build()
    assert "countries/RWA" in project.ran()
    assert files(folder) == before


def test_a_published_file_that_was_changed_by_hand_is_put_right(project):
    folder = build()
    before = files(folder)
    (folder / "index.html").write_text("by hand")
    assert not manifest.current(Parameters())
    assert files(build()) == before


def test_a_notebook_sees_no_more_of_the_ledger_than_its_page_depends_on(monkeypatch):
    """The brief of each country shows the same where the ledger holds that country's part alone."""
    book = ledger.load()
    source = "\n".join(text for kind, tags, text in notebooks.cells(paths.NOTEBOOKS / "country_brief.ipynb") if kind == "code"
                       and "parameters" not in tags)  # fmt: skip
    for code in ("RWA", "GHA", "PAN", "XKX"):
        shown = []
        for whole in (True, False):
            part = Parameters().apply(book) if whole else Parameters().apply(book).about(code)
            monkeypatch.setattr(ledger, "load", lambda part=part: part)
            space = notebooks.defaults(paths.NOTEBOOKS / "country_brief.ipynb") | {"country": code}
            exec(compile(source, "country_brief", "exec"), space)
            shown.append(
                [space[name].to_csv() for name in ("arrangements", "steps", "sums", "movements")] + [space["source"]]
            )
        assert shown[0] == shown[1]


def test_without_the_brief_there_are_the_other_pages(monkeypatch):
    left = [path for path in notebooks.all_of() if path.stem != site.BRIEF]
    monkeypatch.setattr(notebooks, "all_of", lambda: left)
    names = [page.name for page in edition.plan(ledger.load(), Parameters()).pages]
    assert names == [path.stem for path in left]


def test_explain_says_why_for_each_page(project, monkeypatch):
    assert dict(edition.explain())["01_countries_by_region"] == "run: it was not made before"
    build()
    assert set(dict(edition.explain()).values()) == {"reused: nothing that it is made from has changed"}
    edited(monkeypatch, country="XKX", wording="something else")
    reasons = dict(edition.explain())
    assert reasons["countries/XKX"] == "run: changed: ledger: steps"
    assert reasons["countries/RWA"].startswith("reused")
    (cache.folder() / edition.plan(ledger.load(), Parameters()).pages[-2].key).write_bytes(b"damaged")
    assert dict(edition.explain())["countries/RWA"] == "run: what was kept of it is gone or damaged"


def test_pages_that_several_editions_share_are_run_once(project):
    edition.build([{}, {"as_of": "latest"}])
    pages = project.ran()
    assert len(pages) == len(set(pages))


class Told(Progress):
    """Remembers which files it was told of."""

    def __init__(self):
        self.names = []

    def changed(self, name):
        self.names.append(name)


def saved(monkeypatch, *names):
    """Let each of these files have been saved, one after the other, when the moment is looked at again."""
    left = list(names)

    def must_hold(moment):
        if left and cache.folder().is_dir():
            raise manifest.InputsChanged(left.pop(0))

    monkeypatch.setattr(manifest.Moment, "must_hold", must_hold)


def test_a_table_saved_during_a_build_makes_it_start_over(project, monkeypatch):
    build()
    saved(monkeypatch, "data/steps.csv", "notebooks/05_evidence.ipynb")
    told = Told()
    edition.build(force=True, progress=told)
    assert told.names == ["data/steps.csv", "notebooks/05_evidence.ipynb"]
    assert manifest.damaged(project / "reports") == []


@pytest.mark.parametrize("names", [["data/steps.csv"] * 3, ["analysis/views/choose.py"]], ids=["each time", "code"])
def test_a_build_that_cannot_start_over_names_the_file_and_publishes_nothing(project, monkeypatch, names):
    build()
    before = files(project / "reports")
    kept = {path.name for path in cache.folder().iterdir()}
    saved(monkeypatch, *names)
    with pytest.raises(manifest.InputsChanged, match=names[-1]):
        edition.build(several=[{"min_origins": 2}])
    assert files(project / "reports") == before
    assert {path.name for path in cache.folder().iterdir()} == kept


def test_other_installed_versions_touch_every_page(project, monkeypatch):
    build()
    everything = project.ran()
    monkeypatch.setattr(manifest, "installed", lambda: {"numpy": "0.0"})
    build()
    assert project.ran() == everything


def test_an_entry_that_is_whole_but_of_another_shape_is_made_again(project):
    build()
    first = edition.plan(ledger.load(), Parameters()).pages[0]
    project.ran()
    cache.put(first.key, b'{"question": 1}')
    (project / "reports" / "index.html").unlink()
    build()
    assert project.ran() == [first.name]
    assert manifest.damaged(project / "reports") == []


def test_a_notebook_that_fails_stops_the_build_before_all_pages_are_written(project, monkeypatch):
    wrote = []

    def each(*_, **__):
        raise notebooks.NotebookError("01.ipynb", 3, "boom")

    def write(report, group):
        wrote.append(group)
        report.read(next(iter(report.names)))

    monkeypatch.setattr(notebooks, "each", each)
    monkeypatch.setattr(Written, "write", write)
    with pytest.raises(notebooks.NotebookError, match="boom"):
        build()
    assert len(wrote) <= 1
    assert not (project / "reports").exists()


# --- series of editions -----------------------------------------------------------------------------------------------

KNOWN = (dt.date(2025, 2, 5), dt.date(2026, 10, 15))


def test_a_series_has_an_edition_for_the_last_day_of_each_month():
    days = [values["as_of"] for values in edition.series("2025-02", "2025-04", "month", {"min_origins": 2})]
    assert days == ["2025-02-28", "2025-03-31", "2025-04-30"]
    assert len(edition.series("2025-02-01", "2025-02-28", "week")) == 4


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("", "2025-04", "month"),
            '"FROM=": rule: a month YYYY-MM or a day YYYY-MM-DD; fix: for example FROM=2025-02 TO=2026-06',
        ),
        (
            ("2025-04", "2025-02", "month"),
            '"FROM=2025-04 TO=2025-02": rule: at least one month ends between FROM and TO; fix: for example TO=2026-06',
        ),
        (
            ("2025-04", "9999-12", "month"),
            '"FROM=2025-04 TO=9999-12": rule: at most 520 editions at a time, from one day to another; '
            "fix: for example TO=2026-06",
        ),
        (
            ("2025-01", "2025-04", "month", {}, KNOWN),
            '"FROM=2025-01": rule: each month ends on a day from 2025-02-05 to 2026-10-15, on which the first and the newest '
            "report read here were public; fix: for example FROM=2025-02-05",
        ),
        (
            ("2026-08", "2026-10", "month", {}, KNOWN),
            '"TO=2026-10": rule: each month ends on a day from 2025-02-05 to 2026-10-15, on which the first and the newest '
            "report read here were public; fix: for example TO=2026-10-15",
        ),
        (("2025-04", "2025-05", "year"), '"STEP=year": rule: one of month, week; fix: for example STEP=month'),
    ],
)
def test_a_series_that_cannot_be_made_is_refused(words, message):
    with pytest.raises(ParameterError) as error:
        edition.series(*words)
    assert str(error.value) == message


# --- whole or not at all ----------------------------------------------------------------------------------------------


def test_what_a_build_left_that_was_cut_off_is_put_away(project):
    before = files(build())
    (project / "build" / "report-99").mkdir()
    (project / "reports").rename(project / "build" / "old-reports")  # cut off between the two renames
    assert files(build()) == before
    assert not list((project / "build").glob("report-*"))
    assert not list((project / "build").glob("old-*"))


def test_an_edition_cut_off_between_two_renames_is_put_back(project):
    folder = build(as_of="2025-05-07")
    before = files(folder)
    folder.rename(project / "build" / f"old-{folder.name}")
    build()
    assert files(folder) == before
