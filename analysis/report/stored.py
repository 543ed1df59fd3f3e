"""The outputs that are stored in the notebooks: made again, and compared with what the notebooks show now.

Belongs here: ``make notebooks`` and ``make outputs``. Does not belong here: running a notebook (``notebooks``), making
pages of it (``site``). Typical use::

    stored.renew(progress)
    list(stored.differences())   # [] right after it
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis import ledger
from analysis.ledger import checks
from analysis.report import lock, manifest, notebooks, publishing
from analysis.report.progress import Progress
from analysis.values import paths

TRIES = 3  # how often is begun anew where files are saved meanwhile


def renew(progress: Progress | None = None) -> None:
    """Run all notebooks with default parameters and store what they show, each file in one step.

    Nothing is stored unless all ran, on the ledger, the code and the notebooks of one moment. Another build at the same
    time is waited for. Raises :class:`analysis.ledger.LedgerError`, :class:`analysis.report.notebooks.NotebookError`,
    :class:`analysis.report.manifest.InputsChanged` or ``OSError``.
    """
    progress = progress or Progress()
    with lock.held(progress.waiting) as cut_off:
        if cut_off:
            progress.cut_off()
        publishing.tidy()
        for left in reversed(range(TRIES)):
            moment = manifest.Moment.now()
            try:
                made = _run_all(progress)
                moment.must_hold()
                break
            except manifest.InputsChanged as error:
                if not left or not error.read_anew:
                    raise
                progress.changed(error.name)
        for path, again in made.items():
            os.replace(again, path)


def differences(progress: Progress | None = None) -> Iterator[str]:
    """What the notebooks show now and did not when their outputs were stored: the notebook, the cell, the table or sentence."""
    progress = progress or Progress()
    with lock.held(progress.waiting):
        made = _run_all(progress)
        for path, again in made.items():
            before, after = (_shown(notebooks.read(place)) for place in (path, again))
            for number in sorted(before | after):
                if before.get(number) != after.get(number):
                    yield f"{path.name}, cell {number}: {_name(after.get(number) or before[number])} changed"


def _run_all(progress: Progress) -> dict[Path, Path]:
    """Notebook → the copy of it that was run now."""
    if problems := checks.check():
        raise ledger.LedgerError(problems)
    sources = notebooks.all_of()
    made = {path: paths.BUILD / "notebooks" / path.name for path in sources}
    progress.begin(len(sources), 0)

    def begun(number: int) -> None:
        progress.started(sources[number].stem)

    tasks: list[notebooks.Task] = [(path, target, {}) for path, target in made.items()]
    for number, seconds, _ in notebooks.each(notebooks.run, tasks, started=begun, tick=progress.tick):
        progress.done(sources[number].stem, seconds)
    return made


def _shown(notebook: notebooks.Notebook) -> dict[int, list[Any]]:
    """Number of a cell → its outputs, for each cell that shows something."""
    return {number: cell.outputs for number, cell in enumerate(notebook.cells) if cell.get("outputs")}


def _name(outputs: list[Any]) -> str:
    """What a reader calls an output: ``table by_region``, ``the sentence "By 7 May…"``."""
    info = outputs[0].get("metadata", {}).get("ledger", {})
    data = outputs[0].get("data", {})
    if info.get("name"):
        return f"{info['kind']} {info['name']}"
    text = str(data.get("text/markdown") or data.get("text/plain") or outputs[0].get("text", "")).strip()
    return f'the {info.get("kind", "output")} "{text[:60]}{"…" if len(text) > 60 else ""}"'
