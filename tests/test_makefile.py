"""make removes nothing that this project has not made, and takes no folder's name from the environment."""

import os
import subprocess
from pathlib import Path

import pytest

from analysis.values import paths

MARK = ".made-by-third-country-ledger"


def make(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "requirements.lock").touch()
    command = ["make", "--no-print-directory", "-f", str(paths.PROJECT / "Makefile"), *words]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        command, cwd=folder, env=clean | environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("inside", ["notes.txt", "pyvenv.cfg"])
def test_a_folder_that_this_project_has_not_made_is_left_alone(tmp_path: Path, inside: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / inside).write_text("precious")
    done = make(tmp_path, "check", "VENV=mine")
    assert done.returncode == 2
    assert f"mine is there and was not made by this project (it has no {MARK})" in done.stderr
    done = make(tmp_path, "clean", "VENV=mine")
    assert done.stderr == f"mine was not made by this project (it has no {MARK}): it is left alone\n"
    assert (tmp_path / "mine" / inside).read_text() == "precious"


def test_what_this_project_has_made_is_removed(tmp_path: Path) -> None:
    for name in (".venv", ".venv-lab", ".build"):
        (tmp_path / name).mkdir()
        (tmp_path / name / MARK).touch()
    assert make(tmp_path, "clean").returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["requirements.lock"]


def test_the_environment_names_no_folder(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / MARK).touch()
    assert make(tmp_path, "clean", VENV="mine").returncode == 0
    assert (tmp_path / "mine").exists()
    assert ".venv/bin/python" in make(tmp_path, "-n", "check", VENV="mine").stdout


def test_the_language_of_the_reader_is_not_taken_over(tmp_path: Path) -> None:
    assert make(tmp_path, "--eval=language: ; @echo $$LC_ALL", "language", LC_ALL="C").stdout == "C.UTF-8\n"


def test_a_name_with_blanks_is_refused(tmp_path: Path) -> None:
    done = make(tmp_path, "clean", "VENV=a b")
    assert 'VENV="a b": rule: one word without blanks' in done.stderr
