import argparse
import csv
import shlex
import subprocess
import sys

import pytest

from analysis import __main__ as command
from analysis.ledger import checks, files, schema
from analysis.report import edition, manifest, notebooks, release
from analysis.values import paths
from analysis.views.parameters import Parameters


def test_check_says_how_much_was_checked(write_ledger, capsys):
    assert command.main(["check", str(write_ledger(steps=[{}]))]) == 0
    out = capsys.readouterr().out
    assert out == "no problems: 1 sources, 1 arrangements, 1 steps, 0 payments, 0 transfers, 0 tallies, 0 acts\n"


def test_check_prints_every_problem_and_ends_with_one(write_ledger, capsys):
    folder = write_ledger(steps=[{"step": "agred"}, {"stance": "maybe"}])
    assert command.main(["check", str(folder)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert 'value "agred": rule: one of' in lines[0]
    assert lines[2] == "2 problems in the ledger"


def test_no_traceback_for_bad_input(write_ledger):
    folder = write_ledger(steps=[{}])
    (folder / "steps.csv").write_bytes(b"\xff\xfea")
    run = [sys.executable, "-m", "analysis", "check", str(folder)]
    done = subprocess.run(run, capture_output=True, text=True, cwd=paths.PROJECT, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "this one is UTF-16: save it again as CSV UTF-8" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["as_of"], 'error: "as_of": rule: NAME=VALUE; fix: for example as_of=2025-05-07'),
        (["JOBS=none"], 'error: "JOBS=none": rule: a whole number from 1 to 256; fix: for example JOBS=2'),
        (["JOBS=100000"], 'error: "JOBS=100000": rule: a whole number from 1 to 256; fix: for example JOBS=2'),
        (["TIMEOUT=٣"], 'error: "TIMEOUT=٣": rule: a whole number from 1 to 86400; fix: for example TIMEOUT=300'),
        (
            ["MIN_ORIGINS=" + "9" * 5000],
            f'error: "MIN_ORIGINS={"9" * 40}": rule: a whole number from 1 to 1000; fix: for example MIN_ORIGINS=2',
        ),
        (
            ["min_origins=two"],
            'error: "MIN_ORIGINS=two": rule: a whole number from 1 to 1000; fix: for example MIN_ORIGINS=2',
        ),
        (
            ["DASK="],
            'error: "DASK=": rule: the address of a scheduler; fix: for example DASK=tcp://host:8786, or leave it out',
        ),
        (["JOBS=2", "JOBS=3"], 'error: "JOBS=3": rule: each parameter is said once; fix: leave out one of the two'),
        (
            ["as_of=2025-05-07", "AS_OF=2025-05-08"],
            'error: "AS_OF=2025-05-08": rule: each parameter is said once; fix: leave out one of the two',
        ),
        (
            ["FROM=2025-02"],
            'error: parameter "from": rule: a known name; fix: known: as_of, region_scheme, programme, min_origins, country',
        ),
        (["ASOF=2025-05-07"], 'error: parameter "asof": rule: a known name; fix: did you mean "as_of"?'),
    ],
)
def test_report_refuses_what_it_does_not_know(arguments, message, capsys):
    assert command.main(["report", *arguments]) == 1
    assert capsys.readouterr().err.strip() == message


@pytest.fixture
def changed(monkeypatch):
    """Nothing that is published is what would be made now."""
    monkeypatch.setattr(manifest, "current", lambda chosen, made_from: False)


def test_report_names_what_it_wrote_and_times_each_page(changed, monkeypatch, capsys):
    def build(several, *, jobs, force, warm, dask, timeout, progress, moment):
        assert several == [{"as_of": "2025-05-07", "min_origins": 2}]
        assert (jobs, force, warm, dask, timeout) == (3, True, False, None, 60)
        progress.begin(3, 1)
        progress.started("countries/RWA")
        progress.tick()
        progress.done("countries/RWA", 0.5)
        progress.done("05_evidence", 1.0)
        return [paths.REPORTS]

    monkeypatch.setattr(edition, "build", build)
    words = ["AS_OF=2025-05-07", "MIN_ORIGINS=2", "PYTHON=x", "JOBS=3", "FORCE=1", "WARM=0", "TIMEOUT=60"]
    assert command.main(["report", *words]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["3", "pages:", "1", "reused,", "2", "to", "run"],
        ["[2/3]", "countries/RWA", "0.5", "s"],
        ["[3/3]", "05_evidence", "1.0", "s"],
        ["report:", "reports/index.html"],
    ]


def test_report_says_that_nothing_has_changed_and_builds_nothing(monkeypatch, capsys):
    monkeypatch.setattr(manifest, "current", lambda chosen, made_from: True)
    monkeypatch.setattr(edition, "build", lambda *args, **kwargs: pytest.fail("built"))
    assert command.main(["report"]) == 0
    assert capsys.readouterr().out == "nothing has changed; report: reports/index.html\n"


def test_a_failing_notebook_is_one_line(changed, monkeypatch, capsys):
    def build(*args, **kwargs):
        raise notebooks.NotebookError("01.ipynb", 3, "KeyError: 'x'", ".build/notebooks/01.ipynb")

    monkeypatch.setattr(edition, "build", build)
    assert command.main(["report"]) == 1
    assert capsys.readouterr().err == (
        "error: notebook 01.ipynb, cell 3: KeyError: 'x'; the half-run copy is .build/notebooks/01.ipynb\n"
    )


@pytest.mark.parametrize(
    ("error", "message", "code"),
    [
        (OSError(28, "No space left on device"), "error: [Errno 28] No space left on device; what was published", 1),
        (KeyboardInterrupt(), "stopped; what was published", 130),
    ],
    ids=["disk full", "Ctrl-C"],
)
def test_what_stops_a_build_is_one_line_too(changed, monkeypatch, capsys, error, message, code):
    def build(*args, **kwargs):
        raise error

    monkeypatch.setattr(edition, "build", build)
    assert command.main(["report"]) == code
    assert capsys.readouterr().err == f"{message} before is as it was\n"


def test_what_was_published_before_a_build_was_stopped_is_named(changed, monkeypatch, capsys):
    def build(several, *, progress, **how):
        progress.published(paths.EDITIONS / "as-of-2025-02-28")
        raise KeyboardInterrupt

    monkeypatch.setattr(edition, "build", build)
    assert command.main(["editions", "FROM=2025-02", "TO=2025-03"]) == 130
    assert capsys.readouterr().err == "stopped; reports/editions/as-of-2025-02-28 was published before that\n"


def test_a_file_saved_during_a_build_that_cannot_start_over_is_one_line(changed, monkeypatch, capsys):
    def build(*args, **kwargs):
        raise manifest.InputsChanged("analysis/views/choose.py")

    monkeypatch.setattr(edition, "build", build)
    assert command.main(["report"]) == 1
    assert capsys.readouterr().err == (
        "error: analysis/views/choose.py was saved while it was being read; nothing of this run was kept: run it again\n"
    )


def test_whoever_reads_may_stop_reading():
    run = f"{shlex.quote(sys.executable)} -m analysis --help >/dev/null; {shlex.quote(sys.executable)} -m analysis explain"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{run} | head -n 1"],
        capture_output=True,
        text=True,
        cwd=paths.PROJECT,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


HOSTILE = "a b'c\"d $(touch bad) `touch bad`; touch bad > bad & \\ * ~"


def test_what_is_said_to_make_arrives_as_it_was_typed(tmp_path):
    """A value with everything in it that a shell or make would read for itself."""
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c \'import sys; print(sys.argv[-1])\' "$@"\n')
    script.chmod(0o755)
    made = ["make", "--no-print-directory", "-f", paths.PROJECT / "Makefile", "-o", ".venv/.ready", "report"]
    typed = HOSTILE.replace("$", "$$")  # as make wants a dollar to be written
    done = subprocess.run(
        [*made, f"RUN={script}", f"AS_OF={typed}"], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    said = command._words(argparse.Namespace(values=[], make=done.stdout.removesuffix("\n")))
    assert f"AS_OF={typed}" in said or f"AS_OF={HOSTILE}" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["python"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["draft", "TEXT=x"], "say which text, and its day: make draft TEXT=article.txt PUBLISHED=2025-05-07"),
        (["changes", "FROM=2025-05-07"], "say from when to when: make changes FROM=2025-06-25 TO=2025-12-31"),
        (["verify", "TEXTS=nowhere"], '"TEXTS=nowhere": rule: a folder of texts; fix: correct the path'),
        (
            ["changes", "FROM=2026-01-01", "TO=2025-01-01"],
            '"FROM=2026-01-01 TO=2025-01-01": rule: FROM is the earlier day; fix: swap them',
        ),
        (
            ["changes", "FROM=2025-13-25", "TO=2025-12-31"],
            '"FROM=2025-13-25": rule: a day that exists (there is no month 13); fix: correct it',
        ),
        (
            ["changes", "FROM=2025-06-25", "TO=2025-12-31", "COUNTRY=ZZZ"],
            '"COUNTRY=ZZZ": rule: changes takes FROM and TO; fix: leave it out',
        ),
        (["changes", "from=2025-06-25"], '"from=2025-06-25": rule: changes takes FROM and TO; fix: did you mean FROM?'),
        (["draft", "TEXT=x", "typo"], '"typo": rule: NAME=VALUE; fix: for example as_of=2025-05-07'),
        (
            ["verify", "TEXTS=x", "TEXTS=y"],
            '"TEXTS=y": rule: each parameter is said once; fix: leave out one of the two',
        ),
        (["preview", "PORT=99999"], '"PORT=99999": rule: a whole number from 1 to 65535; fix: for example PORT=8350'),
        (
            ["changes", "FROM=--output=x", "TO=HEAD"],
            '"--output=x": rule: a day YYYY-MM-DD, or a git revision that has the ledger\'s tables; '
            "fix: for example 2025-06-25, or HEAD~1",
        ),
    ],
)
def test_a_command_says_what_it_was_not_told(arguments, message, capsys):
    assert command.main(arguments) == 1
    assert capsys.readouterr().err == f"error: {message}\n"
    assert not (paths.PROJECT / "x").exists()


def test_on_a_terminal_one_bar_says_what_runs_now_and_how_much_is_left(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    bar = command._progress()
    bar.begin(4, 2)
    bar.started("countries/RWA")
    bar.started("05_evidence")
    bar.done("countries/RWA", 1.0)
    bar.tick()
    bar.done("05_evidence", 1.0)
    shown = capsys.readouterr().err
    assert "3/4" in shown
    assert "2 reused, now: 05_evidence" in shown
    assert "left" in shown


def test_explain_lists_every_page(monkeypatch, capsys):
    monkeypatch.setattr(edition, "explain", lambda values: [("countries/RWA", f"run: {values}")])
    assert command.main(["explain", "MIN_ORIGINS=2"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["countries/RWA", "run:", "{'min_origins':", "2}"]


def test_editions_are_built_for_every_month_that_changed_and_named(monkeypatch, capsys):
    def build(several, *, jobs, progress, **how):
        assert several == [{"as_of": "2025-03-31"}]

    monkeypatch.setattr(manifest, "current", lambda chosen, made_from: chosen.as_of == "2025-02-28")
    monkeypatch.setattr(edition, "build", build)
    assert command.main(["editions", "FROM=2025-02", "TO=2025-03"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "reports/editions/as-of-2025-02-28/index.html",
        "reports/editions/as-of-2025-03-31/index.html",
        "2 editions, 1 of them as they were",
    ]


def test_a_ledger_with_problems_stops_the_report(changed, monkeypatch, capsys):
    problem = files.Problem("data/steps.csv", 3, "step", "x", "a rule", "a fix")
    monkeypatch.setattr(checks, "check", lambda: [problem])
    assert command.main(["report"]) == 1
    assert capsys.readouterr().err == (
        'data/steps.csv:3: column "step": value "x": rule: a rule; fix: a fix\n'
        "1 problem in the ledger; nothing was written\n"
    )


@pytest.fixture
def no_release(monkeypatch):
    monkeypatch.setattr(release, "build", lambda: pytest.fail("built"))


def test_a_release_of_a_ledger_with_problems_is_refused(no_release, monkeypatch, capsys):
    problem = files.Problem("data/steps.csv", 3, "step", "x", "a rule", "a fix")
    monkeypatch.setattr(checks, "check", lambda: [problem])
    assert command.main(["release"]) == 1
    assert capsys.readouterr().err.startswith('data/steps.csv:3: column "step": value "x": rule: a rule; fix: a fix\n')


@pytest.mark.parametrize("left", ["nothing", "tables alone", "a report made from other files"])
def test_a_release_without_the_report_of_now_is_refused(no_release, monkeypatch, tmp_path, capsys, left):
    monkeypatch.setattr(checks, "check", list)
    monkeypatch.setattr(paths, "REPORTS", tmp_path / "reports")
    if left != "nothing":
        (tmp_path / "reports" / "tables").mkdir(parents=True)
    if left == "a report made from other files":
        described = manifest.describe(
            tmp_path / "reports", Parameters().as_dict(), "2026-01-01", {}, {"data/steps.csv": "x"}
        )
        manifest.write(tmp_path / "reports", described)
    assert command.main(["release"]) == 1
    assert capsys.readouterr().err == (
        f'error: "{paths.relative(paths.REPORTS)}": rule: a release holds the tables of the report as it is made from '
        "the ledger, notebooks and code of now; fix: make report first\n"
    )


def test_a_release_with_the_report_of_now_is_made(monkeypatch, capsys):
    monkeypatch.setattr(checks, "check", list)
    monkeypatch.setattr(manifest, "current", lambda chosen: True)
    monkeypatch.setattr(release, "build", lambda: [paths.PROJECT / "dist" / "x.zip"])
    assert command.main(["release"]) == 0
    assert capsys.readouterr().out == "dist/x.zip\n"


def test_verify_prints_what_it_could_not_verify(tmp_path, capsys):
    assert command.main(["verify", f"TEXTS={tmp_path}"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("texts not held here, not verified: caliber-2025-04, newsmax-2025-04-02, ")
    assert out[1].startswith("0 of ")


def test_changes_between_two_days_are_printed_and_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(paths, "BUILD", tmp_path)
    assert command.main(["changes", "FROM=2025-04-02", "TO=2025-05-07"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# What became known from 2025-04-02 to 2025-05-07\n")
    assert "- Angola: first reported" in out
    written = tmp_path / "changes" / "2025-04-02_2025-05-07.md"
    assert written.read_text(encoding="utf-8") in out


def test_changes_refuse_what_is_neither_a_day_nor_a_revision(capsys):
    assert command.main(["changes", "FROM=2025-04-02", "TO=never"]) == 1
    assert capsys.readouterr().err == (
        'error: "never": rule: a day YYYY-MM-DD, or a git revision that has the ledger\'s tables; '
        "fix: for example 2025-06-25, or HEAD~1\n"
    )


@pytest.fixture
def revisions(tmp_path, monkeypatch, write_ledger):
    """A repository of two revisions: the first lacks tables and columns that came later, the second has all of them."""
    write_ledger(steps=[{"step": "asked"}, {"step": "agreed", "claim_id": "c00002"}])
    data = tmp_path / "repository" / "data"
    data.mkdir(parents=True)
    tables = {path.name: path.read_text(encoding="utf-8").splitlines() for path in tmp_path.glob("*.csv")}
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-C", str(data.parent)]
    subprocess.run([*git, "init", "-q"], check=True)
    lost = schema.columns("steps").index("doubtful")
    for later in (False, True):
        for name, lines in tables.items():
            rows = list(csv.reader(lines if later else lines[:2]))
            if not later and name == "steps.csv":
                rows = [row[:lost] + row[lost + 1 :] for row in rows]
            if later or name not in ("acts.csv", "readings.csv"):
                with (data / name).open("w", encoding="utf-8", newline="") as handle:
                    csv.writer(handle, lineterminator="\n").writerows(rows)
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "-q", "-m", "later" if later else "first"], check=True)
    monkeypatch.setattr(paths, "PROJECT", data.parent)
    monkeypatch.setattr(paths, "BUILD", tmp_path)
    return data


def test_changes_between_revisions_though_tables_and_columns_came_later(revisions, capsys):
    assert command.main(["changes", "FROM=HEAD~1", "TO=HEAD"]) == 0
    out = capsys.readouterr().out
    assert "- Rwanda: from asked to agreed" in out
    assert "Corrections" not in out


def test_a_revision_that_cannot_be_read_any_more_is_named_with_its_first_problem(revisions, capsys):
    steps = revisions / "steps.csv"
    steps.write_text(steps.read_text(encoding="utf-8").replace("wording", "words", 1), encoding="utf-8")
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, "commit", "-aqm", "renamed"], cwd=revisions, check=True)
    assert command.main(["changes", "FROM=HEAD~1", "TO=HEAD"]) == 1
    assert capsys.readouterr().err.startswith(
        'error: "HEAD": rule: a git revision whose tables can be read by the rules of today (data/steps.csv:1: '
    )


def test_draft_prints_proposals_and_writes_nothing(tmp_path, capsys):
    text = tmp_path / "article.txt"
    text.write_text("Rwanda was asked to take 250 deportees.\n", encoding="utf-8")
    assert command.main(["draft", f"TEXT={text}", "PUBLISHED=2025-08-05"]) == 0
    assert "rwa" in capsys.readouterr().out.lower()
    assert command.main(["draft", f"TEXT={text}", "PUBLISHED=yesterday"]) == 1
    assert capsys.readouterr().err.startswith('error: "yesterday": rule: a date (')
    text.write_text("Rwanda was asked last month.\n", encoding="utf-8")
    assert command.main(["draft", f"TEXT={text}", "PUBLISHED=0001-01-01"]) == 1
    assert capsys.readouterr().err == (
        'error: "0001-01-01": rule: a date (0001 is no year from 2000 to 2035); fix: for example 2025-05-07\n'
    )


def test_help_lists_the_commands(capsys):
    with pytest.raises(SystemExit) as ended:
        command.main(["--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert all(word in out for word in ("check", "verify", "codebook", "notebooks", "report"))
