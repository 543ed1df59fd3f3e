"""Every kind of damage to a ledger is located, or changes nothing: no input may change a number without a message.

``MUTATIONS`` in the environment sets how many are tried: each kind once in ``make test``, 10,000 in ``make torture``. No two
of them are the same.
"""

import contextlib
import csv
import hashlib
import os
import shutil
from collections import Counter
from pathlib import Path

import damage
import pandas as pd
import pytest

from analysis import ledger
from analysis.ledger import checks, schema
from analysis.report import dataset, notebooks
from analysis.values import paths
from analysis.values.problems import Problem
from analysis.views.parameters import Parameters

TRIED = int(os.environ.get("MUTATIONS", len(damage.KINDS)))
PARTS = 4  # that can run side by side: each has every fourth kind
LONGEST = 3_000  # characters of one message


@pytest.fixture
def whole(write_ledger, monkeypatch):
    """A folder with a ledger in which nothing is wrong, its descriptors, the reference files and a notebook."""
    folder = write_ledger(
        **damage.complete({table: [dict(row) for row in rows] for table, rows in damage.LEDGER.items()})
    )
    with (folder / "expectations.csv").open("w", encoding="utf-8", newline="") as handle:
        rows = [schema.columns(schema.EXPECTATIONS), *damage.EXPECTATIONS]
        csv.writer(handle, lineterminator="\n").writerows(rows)
    (folder / "reference").mkdir()
    for name in (schema.PACKAGE, schema.VIEWS, "reference/SHA256SUMS", *(f"reference/{n}" for n in checks.VENDORED)):
        shutil.copy(paths.DATA / name, folder / name)
    shutil.copy(paths.NOTEBOOKS / "02_reported_payments.ipynb", folder / damage.NOTEBOOK)
    monkeypatch.setattr(paths, "DATA", folder)
    monkeypatch.setattr(paths, "REFERENCE", folder / "reference")
    return folder


def outputs(folder: Path) -> dict[str, pd.DataFrame]:
    """All that can be seen of a ledger, in an order that does not hang on that of the rows or the columns; and what a run
    of the notebook depends on."""
    book = ledger.load(folder)
    frames = {name: getattr(book, name) for name in (*schema.FILES, "undated")}
    shown = {name: frame[sorted(frame.columns.drop("line"))] for name, frame in frames.items()}
    sorted_rows = {name: frame.sort_values(list(frame.columns), ignore_index=True) for name, frame in shown.items()}
    notebook = folder / damage.NOTEBOOK
    return sorted_rows | {"notebook": pd.DataFrame([str((notebooks.cells(notebook), notebooks.defaults(notebook)))])}


def found_in(folder: Path, spoilt: damage.Damage) -> list[Problem]:
    """What is told of a ledger by whatever reads the file that was spoilt."""
    try:
        if spoilt.file == damage.NOTEBOOK:
            notebooks.defaults(folder / damage.NOTEBOOK)
        elif spoilt.file == schema.VIEWS and not checks.check(folder):
            dataset.views(ledger.load(folder), Parameters())
        return checks.check(folder)
    except ledger.LedgerError as error:
        return error.problems
    except notebooks.NotebookError as error:
        return [Problem(error.notebook, 0, "", "", str(error), "")]


def stands_at(problem: Problem, spoilt: damage.Damage) -> bool:
    """Whether a message names the file, the line and the column that were spoilt."""
    is_file = Path(problem.file).name == spoilt.file
    is_line = not spoilt.lines or problem.line in spoilt.lines
    return is_file and is_line and (not spoilt.columns or not problem.column or problem.column in spoilt.columns)


def names(problem: Problem, spoilt: damage.Damage) -> bool:
    """Whether a message says where the damage is, though it stands elsewhere itself."""
    places = {f"{spoilt.file}:{line}" for line in spoilt.lines} or {spoilt.file}
    return any(word in str(problem) for word in spoilt.words | places)


def judged(folder: Path, spoilt: damage.Damage, before: dict[str, pd.DataFrame], loaded: bool) -> str:
    """``located``, ``located at the other end``, ``harmless``, or what went wrong.

    Whether what is located stops the loading, or does no harm there, is tried too where it shall be ``loaded``.
    """
    problems = found_in(folder, spoilt)
    for problem in problems:
        text = str(problem)
        if not text.isprintable() or len(text) > LONGEST:
            return f"failure: a message of {len(text)} characters, or not on one line: {text[:200]}"
    if not problems:
        after = outputs(folder)
        same = all(frame.equals(before[name]) for name, frame in after.items())
        return "harmless" if same else "failure: passed, and changed what is seen"
    if loaded:
        with contextlib.suppress(ledger.LedgerError):
            ledger.load(folder)
    if any(stands_at(problem, spoilt) for problem in problems):
        return "located"
    ends = [problem for problem in problems if (Path(problem.file).stem, problem.column) in spoilt.ends]
    if any(names(problem, spoilt) for problem in ends):
        return "located at the other end of a contradiction"
    if not spoilt.lines and any(names(problem, spoilt) for problem in problems):
        return "located"
    return f"failure: not located: {problems[0]}"


def test_the_ledger_that_is_spoilt_has_no_problem(whole):
    assert [str(problem) for problem in checks.check(whole)] == []


@pytest.mark.parametrize("part", range(PARTS))
def test_every_damage_is_located_or_changes_nothing(whole, tmp_path_factory, part):
    kinds, wanted = len(damage.KINDS), len(range(part, TRIED, PARTS))
    before, classes, failures, states = outputs(whole), Counter(), [], set()
    kept = tmp_path_factory.mktemp("whole")
    shutil.copytree(whole, kept, dirs_exist_ok=True)
    for seed in (seed for seed in range(20 * TRIED) if seed % kinds % PARTS == part):
        restore(kept, whole)
        name, spoilt = damage.spoil(whole, seed)
        is_first = seed < kinds
        state = digest(whole)
        if state in states and not is_first:
            continue
        states.add(state)
        try:
            verdict = judged(whole, spoilt, before, loaded=is_first)
        except Exception as error:
            verdict = f"failure: traceback: {type(error).__name__}: {error}"
        classes[verdict.split(":")[0]] += 1
        if verdict.startswith("failure"):
            failures.append(f"{seed} {name} in {spoilt.file}: {verdict}")
        if classes.total() == wanted:
            break
    print(f"{classes.total()} mutations of {min(wanted, len(range(part, kinds, PARTS)))} kinds: {dict(classes)}")
    assert not failures, "\n".join(failures)


def digest(folder: Path) -> bytes:
    """A hash of all that lies in a folder."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        kind = "link" if path.is_symlink() else "folder" if path.is_dir() else "file"
        found.update(f"{path.relative_to(folder)} {kind}\0".encode())
        found.update(path.read_bytes() if kind == "file" else b"")
    return found.digest()


def restore(kept: Path, folder: Path) -> None:
    """Put the files back that differ; whatever else is there goes."""
    for path in folder.iterdir():
        if path.is_symlink() or (path.is_file() and not (kept / path.name).is_file()):
            path.unlink()
        elif path.is_dir() and not (kept / path.name).is_dir():
            path.rmdir()
    for path in kept.rglob("*"):
        copy = folder / path.relative_to(kept)
        if path.is_file() and (not copy.is_file() or copy.read_bytes() != path.read_bytes()):
            shutil.copyfile(path, copy)
