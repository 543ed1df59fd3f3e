"""One edition of the report: built aside, checked, then swapped in whole. The published one is never half-replaced.

The default edition is ``reports/``; an edition with other parameters is ``reports/editions/<its parameters>/``.
"""

import ctypes
import hashlib
import importlib.metadata
import json
import os
import shutil
from pathlib import Path

from analysis import __version__, checks, codebook, ledger, notebooks, parameters, paths, site

PACKAGES = ("matplotlib", "nbconvert", "numpy", "pandas", "papermill", "pycountry", "resvg-py")


def folder_of(chosen):
    """Where the edition with these parameters is published."""
    changed = chosen.changed()
    if not changed:
        return paths.REPORTS
    return paths.EDITIONS / "_".join(f"{name.replace('_', '-')}-{value}" for name, value in changed.items())


def build(values=None, progress=lambda step, of, name: None):
    """Check the ledger, run every notebook with ``values``, write the report, swap it in. Returns its folder.

    ``progress(step, of, name)`` is called before each part. Raises :class:`analysis.ledger.LedgerError` with all
    problems, :class:`analysis.parameters.ParameterError`, or :class:`analysis.notebooks.NotebookError`; whatever is
    raised, what was published before is untouched.
    """
    chosen = parameters.build(values or {})
    sources = notebooks.all_of()
    parts = ["check", *[path.stem for path in sources], "pages"]
    progress(0, len(parts), parts[0])
    if problems := checks.check():
        raise ledger.LedgerError(problems)
    book = chosen.apply(ledger.load())
    aside = paths.BUILD / f"report-{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        executed = []
        for number, path in enumerate(sources, start=1):
            progress(number, len(parts), path.stem)
            executed.append(paths.BUILD / "notebooks" / path.name)
            notebooks.run(path, executed[-1], values)
        progress(len(parts) - 1, len(parts), parts[-1])
        site.write(aside, executed, book, chosen)
        manifest = json.dumps(describe(aside, book, chosen), indent=1, sort_keys=True) + "\n"
        (aside / "manifest.json").write_text(manifest, encoding="utf-8")
        target = folder_of(chosen)
        if target == paths.REPORTS and paths.EDITIONS.exists():
            shutil.copytree(paths.EDITIONS, aside / paths.EDITIONS.name, copy_function=os.link)
        swap(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target


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
