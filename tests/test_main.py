import subprocess
import sys

import pytest

from analysis import __main__ as command
from analysis import checks, edition, ledger, notebooks, paths


def test_check_says_how_much_was_checked(write_ledger, capsys):
    assert command.main(["check", str(write_ledger(steps=[{}]))]) == 0
    out = capsys.readouterr().out
    assert out == "no problems: 1 sources, 1 arrangements, 1 steps, 0 payments, 0 transfers, 0 tallies\n"


def test_check_prints_every_problem_and_ends_with_one(write_ledger, capsys):
    folder = write_ledger(steps=[{"step": "agred"}, {"stance": "maybe"}])
    assert command.main(["check", str(folder)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert 'value "agred": rule: one of' in lines[0]
    assert lines[2] == "2 problems in the ledger; nothing was written"


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
        (["ASOF=2025-05-07"], 'error: parameter "asof": rule: a known name; fix: did you mean "as_of"?'),
    ],
)
def test_report_refuses_what_it_does_not_know(arguments, message, capsys):
    assert command.main(["report", *arguments]) == 1
    assert capsys.readouterr().err.strip() == message


def test_report_names_what_it_wrote_and_times_each_part(monkeypatch, capsys):
    def build(values, progress):
        assert values == {"as_of": "2025-05-07", "min_origins": 2}
        progress(0, 2, "check")
        progress(1, 2, "pages")
        return paths.REPORTS

    monkeypatch.setattr(edition, "build", build)
    assert command.main(["report", "AS_OF=2025-05-07", "MIN_ORIGINS=2", "TEXTS=x"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[:2]] == [["[1/2]", "check"], ["[2/2]", "pages"]]
    assert lines[2] == "report: reports/index.html"


def test_a_failing_notebook_is_one_line(monkeypatch, capsys):
    def build(values, progress):
        raise notebooks.NotebookError("01.ipynb", 3, "KeyError: 'x'", ".build/notebooks/01.ipynb")

    monkeypatch.setattr(edition, "build", build)
    assert command.main(["report"]) == 1
    assert capsys.readouterr().err == (
        "error: notebook 01.ipynb, cell 3: KeyError: 'x'; the half-run copy is .build/notebooks/01.ipynb\n"
    )


def test_a_ledger_with_problems_stops_the_report(monkeypatch, capsys):
    problem = ledger.Problem("data/steps.csv", 3, "step", "x", "a rule", "a fix")
    monkeypatch.setattr(checks, "check", lambda: [problem])
    assert command.main(["report"]) == 1
    assert capsys.readouterr().err == (
        'data/steps.csv:3: column "step": value "x": rule: a rule; fix: a fix\n'
        "1 problem in the ledger; nothing was written\n"
    )


def test_verify_prints_what_it_could_not_verify(tmp_path, capsys):
    assert command.main(["verify", str(tmp_path)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("texts not held here, not verified: caliber-2025-04, ")
    assert out[1].startswith("0 of ")


def test_help_lists_the_commands(capsys):
    with pytest.raises(SystemExit) as ended:
        command.main(["--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert all(word in out for word in ("check", "verify", "codebook", "notebooks", "report"))
