"""Editions of the report: only what changed is run, the rest is reused; built aside, verified, swapped in whole.

The default edition is ``reports/``; an edition with other parameters is ``reports/editions/<its parameters>/``. What
belongs elsewhere: running a notebook (``notebooks``), its page (``site``), what is kept (``cache``).
"""

import ctypes
import hashlib
import json
import os
import platform
import shutil
from dataclasses import dataclass, field

import pandas as pd

from analysis import ledger
from analysis.ledger import checks, schema
from analysis.report import cache, lock, manifest, notebooks, site
from analysis.values import dates, paths
from analysis.views import parameters, scope

STEPS = {"month": "ME", "week": "W-SUN"}  # pandas offsets
LAST = "last.json"  # in the build folder: what the pages of the last build were made from


@dataclass
class Page:
    """One page to be made from a notebook: what it is called, what it is run with, what it depends on.

    ``depends`` has the hash of everything that the page is made from, by what it is: cells, parameters, each table of
    the ledger as far as the notebook can see it, code, lock file, Python.
    """

    name: str
    source: object
    values: dict
    depends: dict

    @property
    def key(self):
        return _digest(self.depends)


@dataclass
class Edition:
    """One set of parameters: the ledger as they let it be seen, and the pages."""

    chosen: parameters.Parameters
    book: ledger.Ledger
    pages: list = field(default_factory=list)

    @property
    def folder(self):
        return manifest.folder_of(self.chosen)


class Quiet:
    """Is told how a build goes, and says nothing. The command line has one that does."""

    def waiting(self, holder):
        """Another build holds the lock."""

    def cut_off(self):
        """The build before this one did not come to its end; what it left is put away."""

    def begin(self, of, reused):
        """``of`` pages there are, ``reused`` of them need not be run."""

    def started(self, name):
        """A page's notebook has begun to run."""

    def done(self, name, seconds):
        """It has ended."""

    def tick(self):
        """Called several times a second while notebooks run."""


def series(start, end, step, values=None):
    """Parameter values of one edition per step: as of the last day of each month (or week) from ``start`` to ``end``.

    ``start`` and ``end`` are months (``2025-02``) or days. Raises :class:`analysis.views.parameters.ParameterError`.
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
    days = pd.date_range(bounds[0].earliest, bounds[1].latest, freq=STEPS[step])
    if days.empty:
        rule = f"at least one {step} ends between FROM and TO"
        raise parameters.ParameterError(f'"FROM={start} TO={end}": rule: {rule}; fix: for example TO=2026-06')
    return [dict(values or {}) | {"as_of": day.date().isoformat()} for day in days]


def build(several=({},), *, jobs=None, force=False, warm=True, dask=None, timeout=None, progress=None):
    """Check the ledger, run the notebooks of each edition, write it, swap it in. Returns the editions' folders.

    ``several`` is a list of parameter values, one dict per edition. The notebook ``country_brief`` is run once more for
    each country with a claim in scope. Runs whose dependencies are those of an earlier one are reused, unless ``force``.
    ``jobs`` notebooks run at a time (default: one per core), in forks of a warm process where ``warm`` and possible, or
    on the cluster at the address ``dask``; a cell may take ``timeout`` seconds. Another build at the same time is waited
    for. Raises :class:`analysis.ledger.LedgerError` with all problems, :class:`analysis.views.parameters.ParameterError`,
    :class:`analysis.report.notebooks.NotebookError` or ``OSError``; whatever is raised, what was published before is untouched.
    """
    progress = progress or Quiet()
    chosen = [parameters.build(values) for values in several]
    with lock.held(progress.waiting) as cut_off:
        if cut_off:
            progress.cut_off()
        _tidy()
        if warm and not dask:
            notebooks.prepare()
        if problems := checks.check():
            raise ledger.LedgerError(problems)
        book = ledger.load()
        editions = [plan(book, one) for one in chosen]
        _make(editions, force, progress, jobs, warm, dask, timeout or notebooks.CELL_TIMEOUT)
        for edition in editions:
            _publish(edition)
        _remember(editions)
        cache.prune()
    return [edition.folder for edition in editions]


def plan(book, chosen):
    """The :class:`Edition` with all its pages: one per notebook, then the brief of each country."""
    book = chosen.apply(book)
    shared = _shared()
    edition = Edition(chosen, book)
    parts = book.fingerprints()
    whole = book.fingerprint()
    sources = {source.stem: source for source in notebooks.all_of()}
    takes = {name: notebooks.defaults(source) for name, source in sources.items()}
    cells = {name: _digest(notebooks.cells(source)) for name, source in sources.items()}

    def add(name, notebook, seen, **more):
        given = {key: value for key, value in (chosen.changed() | more).items() if key in takes[notebook]}
        depends = {"page": name, "cells": cells[notebook], "parameters": _digest(given)}
        depends |= {f"ledger: {table}": hashed for table, hashed in seen.items()}
        edition.pages.append(Page(name, sources[notebook], given, depends | shared))

    for name in sources:
        shown = takes[name] | chosen.changed()
        add(name, name, parts.get(shown["country"], {}) if name == site.BRIEF else whole)
    for code in scope.countries_in_scope(book, chosen.programme):
        add(f"{site.COUNTRIES}/{code}", site.BRIEF, parts[code], country=code)
    return edition


def _shared():
    """What every page depends on."""
    return {
        "code of analysis": _digest([(paths.relative(path), _file(path)) for path in manifest.code()]),
        "codebook": _file(paths.DATA / "datapackage.json"),
        "reference tables": _digest([_file(path) for path in sorted(paths.REFERENCE.glob("*.[cj]s*"))]),
        "lock file": _file(paths.PROJECT / "requirements.lock"),
        "Python": platform.python_version(),
    }


def _make(editions, force, progress, jobs, warm, dask, timeout):
    """Run what is not there yet, each only once however many editions want it."""
    wanted = {page.key: page for edition in editions for page in edition.pages}
    todo = [page for key, page in wanted.items() if force or cache.get(key) is None]
    progress.begin(len(wanted), len(wanted) - len(todo))
    # Those that take longest first: none of them is left alone at the end.
    todo.sort(key=lambda page: "/" in page.name)
    folder = paths.BUILD / "notebooks"  # in which each run has a folder of its own
    tasks = [(page.source, folder / page.key[:16] / page.source.name, page.values, page.name) for page in todo]
    options = {"timeout": timeout, "started": lambda number: progress.started(todo[number].name)}
    if dask:
        from analysis.report import cluster

        results = cluster.each(run, tasks, dask, **options)
    else:
        results = notebooks.each(run, tasks, jobs, warm, tick=progress.tick, **options)
    for number, seconds, data in results:
        cache.put(todo[number].key, data)
        progress.done(todo[number].name, seconds)
    shutil.rmtree(folder, ignore_errors=True)


def run(source, target, values, name, engine, timeout):
    """Run one notebook and give its :func:`analysis.report.site.part` as bytes: the task of a fork or a worker."""
    notebook = notebooks.run(source, target, values, engine, timeout)
    target.unlink()  # it is kept only where it failed
    return json.dumps(site.part(notebook, name), sort_keys=True).encode("utf-8")


def _publish(edition):
    """Write the edition aside, verify every file of it by its manifest, put it in its place in one step."""
    aside = paths.BUILD / f"report-{os.getpid()}"
    keys = {page.name: page.key for page in edition.pages}
    try:
        site.write(aside, list(keys), lambda name: _part(keys[name]), edition.book, edition.chosen)
        tables = {name: len(getattr(edition.book, name)) for name in schema.TABLES}
        as_of = edition.book.as_of.date().isoformat()
        manifest.write(aside, manifest.describe(aside, edition.chosen.as_dict(), as_of, tables))
        if wrong := manifest.damaged(aside):
            raise OSError(f"written, but not as it was meant: {', '.join(wrong)}")
        if edition.folder == paths.REPORTS and paths.EDITIONS.exists():
            shutil.copytree(paths.EDITIONS, aside / paths.EDITIONS.name, copy_function=os.link)
        swap(aside, edition.folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _part(key):
    data = cache.get(key)
    if data is None:
        raise OSError(f"{paths.relative(cache.folder() / key)} was damaged while the report was written: run it again")
    return json.loads(data)


def explain(values=None):
    """(page, reason) for each page of an edition: why it would be run again, or that it would be reused."""
    chosen = parameters.build(values or {})
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


def _last():
    try:
        return json.loads((paths.BUILD / LAST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _remember(editions):
    made = {edition.folder.name: {page.name: page.depends for page in edition.pages} for edition in editions}
    aside = paths.BUILD / f"{LAST}.tmp"
    aside.write_text(json.dumps(_last() | made, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(aside, paths.BUILD / LAST)


def _digest(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode("utf-8")).hexdigest()


def _file(path):
    return manifest.digest(path) if path.is_file() else ""


# --- the swap ---------------------------------------------------------------------------------------------------------


def _tidy():
    """Put away what a build left that was cut off; under the lock nobody else can be using it."""
    for old in paths.BUILD.glob("old-*"):
        home = paths.EDITIONS / old.name.removeprefix("old-")
        home = paths.REPORTS if home.name == paths.REPORTS.name else home
        if not home.exists():
            os.rename(old, home)
    for left in (*paths.BUILD.glob("report-*"), *paths.BUILD.glob("old-*"), paths.BUILD / "notebooks"):
        shutil.rmtree(left, ignore_errors=True)


def swap(new, target):
    """Put the folder ``new`` where ``target`` is, so that at every moment one of the two is there, whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        os.rename(new, target)
    elif not _exchange(new, target):
        old = paths.BUILD / f"old-{target.name}"
        os.rename(target, old)
        try:
            os.rename(new, target)
        except OSError:
            os.rename(old, target)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _exchange(new, target):
    """Exchange two folders in one step of the file system, where the system has it (Linux); False where not."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return renameat2(here, os.fsencode(new), here, os.fsencode(target), exchange) == 0
