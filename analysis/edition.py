"""One edition of the report: built aside, checked, then swapped in whole. The published one is never half-replaced.

The default edition is ``reports/``; an edition with other parameters is ``reports/editions/<its parameters>/``.
"""

import ctypes
import hashlib
import importlib.metadata
import json
import os
import shutil
import time
from pathlib import Path

from analysis import __version__, checks, codebook, evidence, ledger, notebooks, parameters, paths, site

PACKAGES = ("matplotlib", "nbconvert", "numpy", "pandas", "papermill", "pycountry", "resvg-py")


def folder_of(chosen):
    """Where the edition with these parameters is published."""
    changed = chosen.changed()
    if not changed:
        return paths.REPORTS
    return paths.EDITIONS / "_".join(f"{name.replace('_', '-')}-{value}" for name, value in changed.items())


def build(values=None, jobs=None, progress=lambda done, of, name, seconds: None):
    """Check the ledger, run every notebook with ``values``, write the report, swap it in. Returns its folder.

    The notebook ``country_brief`` is run once more for each country with a claim in scope. ``jobs`` notebooks run at a
    time (default: one per core). ``progress(done, of, name, seconds)`` is called after each part. Raises
    :class:`analysis.ledger.LedgerError` with all problems, :class:`analysis.parameters.ParameterError`, or
    :class:`analysis.notebooks.NotebookError`; whatever is raised, what was published before is untouched.
    """
    values = dict(values or {})
    chosen = parameters.build(values)
    started = time.perf_counter()
    if problems := checks.check():
        raise ledger.LedgerError(problems)
    book = chosen.apply(ledger.load())
    tasks = plan(book, chosen, values)
    of = len(tasks) + 2
    progress(1, of, "check", time.perf_counter() - started)
    aside = paths.BUILD / f"report-{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        for done, (name, seconds) in enumerate(notebooks.run_all(tasks, jobs), start=2):
            progress(done, of, name, seconds)
        started = time.perf_counter()
        site.write(aside, [target for _, target, _ in tasks], book, chosen)
        manifest = json.dumps(describe(aside, book, chosen), indent=1, sort_keys=True) + "\n"
        (aside / "manifest.json").write_text(manifest, encoding="utf-8")
        target = folder_of(chosen)
        if target == paths.REPORTS and paths.EDITIONS.exists():
            shutil.copytree(paths.EDITIONS, aside / paths.EDITIONS.name, copy_function=os.link)
        swap(aside, target)
        progress(of, of, "pages", time.perf_counter() - started)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target


def plan(book, chosen, values):
    """(source, target, values) of every notebook run of an edition: all notebooks, then the brief of each country."""
    tasks = [(path, paths.BUILD / "notebooks" / path.name, values) for path in notebooks.all_of()]
    brief = paths.NOTEBOOKS / f"{site.BRIEF}.ipynb"
    folder = paths.BUILD / "notebooks" / site.COUNTRIES
    codes = evidence.countries(book, chosen.programme)
    return tasks + [(brief, folder / f"{code}.ipynb", {**values, "country": code}) for code in codes]


def describe(folder, book, chosen):
    """The manifest: parameters, versions, and the SHA-256 of every input and output by relative path."""
    inputs = [
        *sorted(paths.DATA.glob("*.csv")),
        paths.DATA / "datapackage.json",
        *sorted(paths.REFERENCE.glob("*.[cj]s*")),
    ]
    inputs += [*notebooks.all_of(), *sorted((paths.PROJECT / "analysis").rglob("*.*"))]
    return {
        "title": "Third-Country Ledger",
        "version": __version__,
        "parameters": {name: getattr(chosen, name) for name in parameters.DEFAULTS},
        "as_of": book.as_of.date().isoformat(),
        "tables": {name: len(getattr(book, name)) for name in codebook.TABLES},
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
        "inputs": {
            paths.relative(path): _hash(path) for path in inputs if path.is_file() and "__pycache__" not in path.parts
        },
        "outputs": {p.relative_to(folder).as_posix(): _hash(p) for p in sorted(folder.rglob("*")) if p.is_file()},
    }


def _hash(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def swap(new, target):
    """Put the folder ``new`` where ``target`` is, so that at every moment one of the two is there, whole."""
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        os.rename(new, target)
    elif not _exchange(new, target):
        old = paths.BUILD / f"old-{os.getpid()}"
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
