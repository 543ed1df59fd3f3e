"""Editions of the report: only what changed is run, the rest is reused; built aside, verified, swapped in whole.

The default edition is ``reports/``; an edition with other parameters is ``reports/editions/<its parameters>/``. What
belongs elsewhere: running a notebook (``notebooks``), its page (``site``), what is kept (``cache``).
"""

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import ledger
from analysis.ledger import checks, schema
from analysis.report import cache, lock, manifest, notebooks, publishing, site
from analysis.report.manifest import InputsChanged, Moment
from analysis.report.progress import Progress
from analysis.report.runs import Page, Runs
from analysis.values import dates, paths
from analysis.views import parameters, scope

STEPS = {"month": "ME", "week": "W-SUN"}  # pandas offsets
MOST_EDITIONS = 520  # of one series: ten years of weeks
TRIES = 3  # how often is begun anew where files are saved while they are read
LAST = "last.json"  # in the build folder: what the pages of the last build were made from


@dataclass
class Edition:
    """One set of parameters: the ledger as they let it be seen, and the pages."""

    chosen: parameters.Parameters
    book: ledger.Ledger
    pages: list[Page] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where it is published."""
        return manifest.folder_of(self.chosen)

    @property
    def questions(self) -> dict[str, str]:
        """What each page asks, by its name."""
        return {page.name: page.question for page in self.pages}


def series(
    start: str,
    end: str,
    step: str,
    values: Mapping[str, Any] | None = None,
    known: tuple[dt.date, dt.date] | None = None,
) -> list[dict[str, Any]]:
    """Parameter values of one edition per step: as of the last day of each month (or week) from ``start`` to ``end``.

    ``start`` and ``end`` are months (``2025-02``) or days; ``known`` are the first and the newest day for which there can be
    an edition (:func:`analysis.views.parameters.known_days`). Raises :class:`analysis.views.parameters.ParameterError`.
    """
    if step not in STEPS:
        raise parameters.ParameterError(f'"STEP={step}": rule: one of {", ".join(STEPS)}; fix: for example STEP=month')
    bounds = []
    for name, text in (("FROM", start), ("TO", end)):
        try:
            bounds.append(dates.parse(text))
        except ValueError:
            rule, fix = "a month YYYY-MM or a day YYYY-MM-DD", "for example FROM=2025-02 TO=2026-06"
            raise parameters.ParameterError(f'"{name}={text}": rule: {rule}; fix: {fix}') from None
    first, last = bounds[0].earliest, bounds[1].latest
    if first is None or last is None or (last - first).days > MOST_EDITIONS * (7 if step == "week" else 31):
        rule = f"at most {MOST_EDITIONS} editions at a time, from one day to another"
        raise parameters.ParameterError(f'"FROM={start} TO={end}": rule: {rule}; fix: for example TO=2026-06')
    days = pd.date_range(first, last, freq=STEPS[step])
    if days.empty:
        rule = f"at least one {step} ends between FROM and TO"
        raise parameters.ParameterError(f'"FROM={start} TO={end}": rule: {rule}; fix: for example TO=2026-06')
    if known:
        first_known, newest = known
        rule = f"each {step} ends on a day from {first_known} to {newest}, on which the first and the newest report read here"
        if days[0].date() < first_known:
            fix = f"for example FROM={first_known}"
            raise parameters.ParameterError(f'"FROM={start}": rule: {rule} were public; fix: {fix}')
        if days[-1].date() > newest:
            raise parameters.ParameterError(f'"TO={end}": rule: {rule} were public; fix: for example TO={newest}')
    return [dict(values or {}) | {"as_of": day.date().isoformat()} for day in days]


def build(
    several: Sequence[Mapping[str, Any]] = ({},),
    *,
    jobs: int | None = None,
    force: bool = False,
    warm: bool = True,
    dask: str | None = None,
    timeout: float | None = None,
    progress: Progress | None = None,
    moment: Moment | None = None,
) -> list[Path]:
    """Check the ledger, run the notebooks of each edition, write it, swap it in. Returns the editions' folders.

    ``several`` is a list of parameter values, one dict per edition. The notebook ``country_brief`` is run once more for
    each country with a claim in scope. Runs whose dependencies are those of an earlier one are reused, unless ``force``.
    ``jobs`` notebooks run at a time (default: one per core), in forks of a warm process where ``warm`` and possible, or
    on the cluster at the address ``dask``; a cell may take ``timeout`` seconds. Another build at the same time is waited
    for.

    All that is kept or published was made from the files of one moment: ``moment`` (default: now), or a later one where
    tables or notebooks are saved meanwhile and the build starts over. Raises :class:`analysis.ledger.LedgerError` with all
    problems, :class:`analysis.views.parameters.ParameterError`, :class:`analysis.report.notebooks.NotebookError`,
    :class:`analysis.report.manifest.InputsChanged` or ``OSError``; an edition that ``progress`` has not been told of is as
    it was then.
    """
    progress = progress or Progress()
    chosen = [parameters.build(dict(values)) for values in several]
    each: Callable[..., Any] = partial(notebooks.each, jobs=jobs, warm=warm)
    if dask:
        from analysis.report import cluster

        each = partial(cluster.each, address=dask)
    each = partial(each, timeout=timeout or notebooks.CELL_TIMEOUT)
    with lock.held(progress.waiting) as cut_off:
        if cut_off:
            progress.cut_off()
        publishing.tidy()
        if warm and not dask:
            notebooks.prepare()
        moment = moment or Moment.now()
        for left in reversed(range(TRIES)):
            try:
                _build_once(moment, chosen, progress, each, force)
                break
            except InputsChanged as error:
                if not left or not error.read_anew:
                    raise
                progress.changed(error.name)
                moment = Moment.now()
        cache.prune()
    return [manifest.folder_of(one) for one in chosen]


def _build_once(
    moment: Moment,
    chosen: Sequence[parameters.Parameters],
    progress: Progress,
    each: Callable[..., Any],
    force: bool,
) -> None:
    problems = checks.check()
    moment.must_hold()
    if problems:
        raise ledger.LedgerError(problems)
    try:
        book = ledger.load()
        editions = [plan(book, one) for one in chosen]
        pages = [page for edition in editions for page in edition.pages]
        with Runs(moment, each, progress, force=force) as running:
            # Those that take longest first: none of them is left alone at the end.
            running.begin(sorted(pages, key=lambda page: "/" in page.name))
            for edition in editions:
                _publish(edition, moment, running, progress)
                progress.published(edition.folder)
    except (ledger.LedgerError, notebooks.NotebookError):
        moment.must_hold()  # a file half saved is no fault of the ledger's or the notebook's
        raise
    site.write_editions(paths.EDITIONS, editions[-1].questions, editions[-1].book)
    _remember(editions)


def plan(book: ledger.Ledger, chosen: parameters.Parameters) -> Edition:
    """The :class:`Edition` with all its pages: one per notebook, then the brief of each country."""
    book = chosen.apply(book)
    shared = _shared()
    tools = manifest.fingerprint(shared)
    edition = Edition(chosen, book)
    sources = {source.stem: source for source in notebooks.all_of()}
    noted = {name: notebooks.asks_for_notes(source) for name, source in sources.items()}
    given_out = {asked: book if asked else book.without_notes() for asked in set(noted.values())}
    whole = {asked: part.fingerprint() for asked, part in given_out.items()}
    has_brief = site.BRIEF in sources
    parts = given_out[noted[site.BRIEF]].fingerprints() if has_brief else {}
    takes = {name: notebooks.defaults(source) for name, source in sources.items()}
    questions = {name: notebooks.question(source) for name, source in sources.items()}
    cells = {name: manifest.fingerprint(notebooks.cells(source)) for name, source in sources.items()}

    def add(name: str, notebook: str, seen: Mapping[str, str], **more: str) -> None:
        given = {key: value for key, value in (chosen.changed() | more).items() if key in takes[notebook]}
        depends = {"page": name, "cells": cells[notebook], "parameters": manifest.fingerprint(given)}
        depends |= {f"ledger: {table}": hashed for table, hashed in seen.items()}
        edition.pages.append(Page(name, questions[notebook], sources[notebook], given, depends | shared, tools))

    for name in sources:
        shown = takes[name] | chosen.changed()
        add(name, name, parts.get(shown.get("country", ""), {}) if name == site.BRIEF else whole[noted[name]])
    for code in scope.countries_in_scope(book, chosen.programme) if has_brief else ():
        add(f"{site.COUNTRIES}/{code}", site.BRIEF, parts[code], country=code)
    return edition


def _shared() -> dict[str, str]:
    """What every page depends on."""
    code = [(paths.relative(path), manifest.digest(path)) for path in manifest.code()]
    return {"code of analysis": manifest.fingerprint(code)} | manifest.surroundings()


def _publish(edition: Edition, moment: Moment, running: Runs, progress: Progress) -> None:
    """Write the edition aside, verify every file of it by its manifest, put it in its place in one step.

    What needs no notebook is written first, while the notebooks run.
    """
    aside = paths.BUILD / f"report-{os.getpid()}"
    pages = {page.name: page for page in edition.pages}
    report = site.Report(aside, edition.questions, lambda name: running.part(pages[name]), edition.book, edition.chosen)
    told = False
    try:
        for group in sorted(report.groups, key=lambda group: bool(report.notebooks_of(group))):
            if running.ended and not told:
                progress.writing(edition.folder)
                told = True
            report.write(group)
        tables = {name: len(getattr(edition.book, name)) for name in schema.TABLES}
        as_of = edition.book.as_of.date().isoformat()
        manifest.write(aside, manifest.describe(aside, edition.chosen.as_dict(), as_of, tables, moment.hashes))
        if wrong := manifest.damaged(aside):
            raise OSError(f"written, but not as it was meant: {', '.join(wrong)}")
        moment.must_hold()
        publishing.keep_foreign(aside, edition.folder)
        publishing.swap(aside, edition.folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def explain(values: Mapping[str, Any] | None = None) -> Iterator[tuple[str, str]]:
    """(page, reason) for each page of an edition: why it would be run again, or that it would be reused."""
    chosen = parameters.build(dict(values or {}))
    edition = plan(ledger.load(), chosen)
    last = _last().get(edition.folder.name, {})
    for page in edition.pages:
        before = last.get(page.name)
        changed = [what for what in page.depends | (before or {}) if (before or {}).get(what) != page.depends.get(what)]
        if cache.get(page.key) is not None:
            yield page.name, "reused: nothing that it is made from has changed"
        elif before is None:
            yield page.name, "run: it was not made before"
        elif changed:
            yield page.name, f"run: changed: {', '.join(changed)}"
        else:
            yield page.name, "run: what was kept of it is gone or damaged"


def _last() -> dict[str, dict[str, dict[str, str]]]:
    try:
        return dict(json.loads((paths.BUILD / LAST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _remember(editions: Sequence[Edition]) -> None:
    made = {edition.folder.name: {page.name: page.depends for page in edition.pages} for edition in editions}
    aside = paths.BUILD / f"{LAST}.tmp"
    aside.write_text(json.dumps(_last() | made, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(aside, paths.BUILD / LAST)
