"""The same inputs give the same bytes: in another folder, language, time zone and umask, for another user, on another Python.

Compares a small project built so with one built plainly; `.ci/run` does the same with the whole report.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from small_project import Project, built

from analysis.values import paths
from warmkernel import forks

SURROUNDINGS = {
    "LANG": "C",
    "LC_ALL": "C",
    "TZ": "Pacific/Apia",
    "PYTHONHASHSEED": "77",
    "HOME": "/proc/nowhere",
    "COLUMNS": "40",
}
# env starts what follows as that user; setpriv would still start it with the rights of root.
AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env"]
pytestmark = pytest.mark.skipif(not forks.possible(), reason="the small project is built with warm runs")


def published(project):
    """All that is published; of the manifest not which packages are installed, as an older Python needs a few more."""
    found = project.published()
    return found | {"manifest.json": json.loads(found["manifest.json"]) | {"installed": ""}}


@pytest.fixture(scope="module")
def plain():
    with built() as project:
        yield project


@pytest.fixture
def elsewhere(plain):
    """A folder with the inputs of the same project, with blanks and other letters in its name."""
    with tempfile.TemporaryDirectory(prefix="Ñandú 国 b'") as folder:
        shutil.copytree(plain.folder, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".build", "reports"))
        yield Path(folder)


def builds_the_same(project, plain, before=()):
    """Build a project under another umask, with the command ``before`` it, and compare what it publishes."""
    command = [*before, *project.command()]
    done = subprocess.run(
        command, umask=0o077, timeout=240, check=False, capture_output=True, text=True, **project.options()
    )
    assert (done.returncode, done.stderr) == (0, "")
    found, expected = published(project), published(plain)
    assert [name for name in found | expected if found.get(name) != expected.get(name)] == []


def test_in_other_surroundings(plain, elsewhere):
    builds_the_same(Project(elsewhere, **SURROUNDINGS), plain)


def test_for_another_user(plain, elsewhere):
    if os.getuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can become another user, by setpriv")
    reached = subprocess.run([*AS_NOBODY, sys.executable, "-c", "import pandas"], capture_output=True, check=False)
    if reached.returncode:
        pytest.skip("another user cannot read the Python that runs this")
    for path in (elsewhere, *elsewhere.rglob("*")):
        os.chown(path, 65534, 65534)
    builds_the_same(Project(elsewhere, **SURROUNDINGS), plain, AS_NOBODY)


def other_pythons():
    """The interpreters of the environments beside this one that have another version of Python."""
    found = {}
    for ready in sorted(paths.PROJECT.glob(".venv*/.ready")):
        folders = list((ready.parent / "lib").glob("python3.*"))
        version = folders[0].name if folders else ""
        if version not in ("", f"python3.{sys.version_info.minor}"):
            found.setdefault(version, ready.parent / "bin" / "python")
    return found


@pytest.mark.parametrize("version", sorted(other_pythons()) or ["none"])
def test_on_another_python(plain, elsewhere, version):
    if version == "none":
        pytest.skip("no other is here; for example: make PYTHON=python3.13 VENV=.venv-3.13 .venv-3.13/.ready")
    builds_the_same(Project(elsewhere, str(other_pythons()[version]), **SURROUNDINGS), plain)
