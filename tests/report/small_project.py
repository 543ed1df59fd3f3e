"""A project small enough to be built in seconds: the code, two notebooks, and what the ledger holds on two countries.

Typical use::

    project = Project(folder).lay_out()
    project.report("FORCE=1")
    project.published()  # relative path → bytes
"""

import contextlib
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.ledger import schema
from analysis.report import manifest
from analysis.values import paths

NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]


@contextlib.contextmanager
def built():
    """A project that has been built once. Its path is short, so that sockets can lie in it."""
    with tempfile.TemporaryDirectory(prefix="b") as folder:
        project = Project(Path(folder)).lay_out()
        done = project.report()
        assert done.returncode == 0, done.stderr
        yield project


class Project:
    """A small project: two countries, two notebooks; ``say`` changes its ledger, ``report`` builds it.

    ``python`` is what it is built with; ``surroundings`` are variables of the environment in which it is.
    """

    def __init__(self, folder, python=sys.executable, **surroundings):
        self.folder, self.temporary = folder, folder / "tmp"
        self.python, self.surroundings = python, surroundings

    def lay_out(self):
        """Copy what the project is made of: the code, two notebooks, what concerns two countries."""
        folder = self.folder
        self.temporary.mkdir()
        for name in ("analysis", "data"):
            shutil.copytree(paths.PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.csv~"))
        for name in ("requirements.lock", "pyproject.toml"):
            shutil.copyfile(paths.PROJECT / name, folder / name)
        (folder / "notebooks").mkdir()
        for name in ("01_countries_by_region", "country_brief"):
            shutil.copyfile(paths.NOTEBOOKS / f"{name}.ipynb", folder / "notebooks" / f"{name}.ipynb")
        kept = self._filter("arrangements", lambda row: row["receiver"] in ("SSD", "XKX"))
        arrangements = {row["arrangement_id"] for row in kept}
        used = set()
        for table in schema.CLAIM_TABLES:
            rows = self._filter(table, lambda row: row.get("arrangement_id") in arrangements)
            used |= {row[key] for row in rows for key in ("source_id", "origin_id")}
        self._filter("sources", lambda row: row["source_id"] in used)
        used_arrangements = {
            row["arrangement_id"]
            for table in schema.CLAIM_TABLES
            for row in self._rows(table)
            if "arrangement_id" in row
        }
        self._filter("arrangements", lambda row: row["arrangement_id"] in used_arrangements)
        self._filter("readings", lambda row: False)
        self._filter("expectations", lambda row: False)
        return self

    def _rows(self, table):
        with (self.folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    def _filter(self, table, keep):
        return self._write(table, [row for row in self._rows(table) if keep(row)])

    def _write(self, table, rows):
        with (self.folder / "data" / f"{table}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, schema.columns(table), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return rows

    def say(self, words):
        """Let every step have been reported in these words: every page changes."""
        self._write("steps", [row | {"wording": words} for row in self._rows("steps")])

    def said(self):
        """The words of which the pages and tables that are published speak: those of one moment, so only one kind."""
        found = set()
        for path in (self.folder / "reports").rglob("*.*"):
            if path.suffix in (".html", ".csv"):
                found |= set(re.findall(r"saved \d+ \w+", path.read_text(encoding="utf-8")))
        return found

    def notebook(self, source, name="02_extra"):
        """Add a notebook with one cell."""
        cells = [new_markdown_cell("# A question"), new_code_cell("as_of = 'latest'"), new_code_cell(source)]
        cells[1].metadata["tags"] = ["parameters"]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(
            new_notebook(cells=cells, metadata={"kernelspec": kernel}), self.folder / "notebooks" / f"{name}.ipynb"
        )

    def command(self, *words):
        return [self.python, "-m", "analysis", "report", *words]

    def report(self, *words, within=""):
        """Build; ``within`` is a shell command run before it in a mount namespace of its own."""
        command = self.command(*words)
        if within:
            command = [*NAMESPACE, f'{within} && exec "$0" "$@"', *command]
        return subprocess.run(command, timeout=240, check=False, capture_output=True, text=True, **self.options())

    def options(self):
        """How processes are started: ordinary kernels, too, take the code from here."""
        own = {"PYTHONPATH": str(self.folder), "TMPDIR": str(self.temporary)}
        return {"cwd": self.folder, "env": os.environ | self.surroundings | own}

    def published(self):
        """Relative path → bytes of all that is published, which must be whole by its own manifest."""
        folder = self.folder / "reports"
        assert manifest.damaged(folder) == []
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
