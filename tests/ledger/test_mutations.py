"""Every kind of damage to a ledger is located, or changes nothing: no input may change a number without a message.

``MUTATIONS`` in the environment sets how many are tried: 310 in ``make test``, 10,000 in ``make torture``.
"""

import contextlib
import csv
import os
import shutil
from collections import Counter
from pathlib import Path

import damage
import pandas as pd
import pytest

from analysis import ledger
from analysis.ledger import checks, schema
from analysis.values import paths
from analysis.values.problems import Problem

TRIED = int(os.environ.get("MUTATIONS", "310"))  # each kind at least once
LONGEST = 3_000  # characters of one message


@pytest.fixture
def whole(write_ledger, monkeypatch):
    """A folder with a ledger in which nothing is wrong, its schema and its table of places."""
    folder = write_ledger(
        **damage.complete({table: [dict(row) for row in rows] for table, rows in damage.LEDGER.items()})
    )
    with (folder / "expectations.csv").open("w", encoding="utf-8", newline="") as handle:
        rows = [schema.columns(schema.EXPECTATIONS), *damage.EXPECTATIONS]
        csv.writer(handle, lineterminator="\n").writerows(rows)
    (folder / "reference").mkdir()
    shutil.copy(paths.DATA / "datapackage.json", folder)
    shutil.copy(paths.REFERENCE / "places.csv", folder / "reference")
    monkeypatch.setattr(paths, "DATA", folder)
    monkeypatch.setattr(paths, "REFERENCE", folder / "reference")
    return folder


def outputs(folder: Path) -> dict[str, pd.DataFrame]:
    """All that can be seen of a ledger, in an order that does not hang on that of the rows or the columns."""
    book = ledger.load(folder)
    frames = {name: getattr(book, name) for name in (*schema.FILES, "undated")}
    shown = {name: frame[sorted(frame.columns.drop("line"))] for name, frame in frames.items()}
    return {name: frame.sort_values(list(frame.columns), ignore_index=True) for name, frame in shown.items()}


def found_in(folder: Path) -> list[Problem]:
    try:
        return checks.check(folder)
    except ledger.LedgerError as error:
        return error.problems


def points_at(problem: Problem, spoilt: damage.Damage) -> bool:
    """Whether a message leads to what was spoilt: its line, or a word that stood or stands there, named in the message."""
    here = Path(problem.file).name == spoilt.file
    if here and spoilt.lines and problem.line in spoilt.lines:
        told = problem.rule + problem.fix
        return not spoilt.columns or not problem.column or any(c == problem.column or c in told for c in spoilt.columns)
    if here and (problem.line <= 1 or not spoilt.lines):
        return True
    return any(word in str(problem) for word in spoilt.words | {f"{spoilt.file}:{line}" for line in spoilt.lines})


def judged(folder: Path, spoilt: damage.Damage, before: dict[str, pd.DataFrame]) -> str:
    """``located``, ``harmless``, or what went wrong."""
    problems = found_in(folder)
    for problem in problems:
        text = str(problem)
        if not text.isprintable() or len(text) > LONGEST:
            return f"failure: a message of {len(text)} characters, or not on one line: {text[:200]}"
    if problems:
        with contextlib.suppress(ledger.LedgerError):
            ledger.load(folder)
        located = any(points_at(problem, spoilt) for problem in problems)
        return "located" if located else f"failure: not located: {problems[0]}"
    after = outputs(folder)
    same = all(frame.equals(before[name]) for name, frame in after.items())
    return "harmless" if same else "failure: passed, and changed what is seen"


def test_the_ledger_that_is_spoilt_has_no_problem(whole):
    assert [str(problem) for problem in checks.check(whole)] == []


def test_there_are_many_kinds_of_damage():
    assert len(damage.KINDS) >= 91


def test_every_damage_is_located_or_changes_nothing(whole, tmp_path_factory):
    before, classes, failures = outputs(whole), Counter(), []
    kept = tmp_path_factory.mktemp("whole")
    shutil.copytree(whole, kept, dirs_exist_ok=True)
    for seed in range(TRIED):
        restore(kept, whole)
        name, spoilt = damage.spoil(whole, seed)
        try:
            verdict = judged(whole, spoilt, before)
        except Exception as error:
            verdict = f"failure: traceback: {type(error).__name__}: {error}"
        classes[verdict.split(":")[0]] += 1
        if verdict.startswith("failure"):
            failures.append(f"{seed} {name} in {spoilt.file}: {verdict}")
    print(f"{TRIED} mutations of {min(TRIED, len(damage.KINDS))} kinds: {dict(classes)}")
    assert not failures, "\n".join(failures)


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
