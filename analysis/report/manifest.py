"""What a published report was made from and consists of, by hash: ``manifest.json``. Fast to read and to compare.

Imports nothing heavy: with it alone can be told, in a fraction of a second, that nothing has changed.
"""

import hashlib
import importlib.metadata
import json
from pathlib import Path

from analysis import __version__
from analysis.values import paths

NAME = "manifest.json"
PACKAGES = ("matplotlib", "nbconvert", "numpy", "pandas", "papermill", "pycountry", "resvg-py")


def digest(path):
    """SHA-256 of a file."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def inputs():
    """Relative path → SHA-256 of everything that a report is made from: data, notebooks, code, lock file."""
    found = [
        *paths.DATA.glob("*.csv"),
        paths.DATA / "datapackage.json",
        *paths.DATA.glob("*.md"),
        *paths.REFERENCE.glob("*.[cj]s*"),
    ]
    found += [*paths.NOTEBOOKS.glob("*.ipynb"), *code(), paths.PROJECT / "requirements.lock"]
    return {paths.relative(path): digest(path) for path in sorted(found) if path.is_file()}


def code():
    """The files of the package itself, templates and style with them, in order."""
    files = [*(paths.PROJECT / "analysis").rglob("*.*"), *(paths.PROJECT / "warmkernel" / "src").rglob("*.py")]
    return sorted(path for path in files if path.is_file() and "__pycache__" not in path.parts)


def describe(folder, parameters, as_of, tables):
    """The manifest of the report in ``folder``: parameters, versions, the hash of every input and output.

    ``as_of`` is a day, ``tables`` the number of rows of each table that the report could see.
    """
    outputs = {p.relative_to(folder).as_posix(): digest(p) for p in sorted(Path(folder).rglob("*")) if p.is_file()}
    return {
        "title": "Third-Country Ledger",
        "version": __version__,
        "parameters": parameters,
        "as_of": as_of,
        "tables": tables,
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
        "inputs": inputs(),
        "outputs": outputs,
    }


def write(folder, manifest):
    """Write the manifest into the report it describes."""
    text = json.dumps(manifest, indent=1, sort_keys=True) + "\n"
    (Path(folder) / NAME).write_text(text, encoding="utf-8")


def read(folder):
    """The manifest of a published report; ``None`` if there is none, or none that can be read."""
    try:
        return json.loads((Path(folder) / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def damaged(folder):
    """What is wrong with the report in ``folder`` by its own manifest: names of files missing or not as they were."""
    manifest = read(folder)
    if manifest is None:
        return [NAME]
    wrong = []
    for name, expected in manifest["outputs"].items():
        try:
            whole = digest(Path(folder) / name) == expected
        except OSError:
            whole = False
        wrong += [] if whole else [name]
    return wrong


def folder_of(chosen):
    """Where the edition with these :class:`analysis.views.parameters.Parameters` is published."""
    changed = chosen.changed()
    if not changed:
        return paths.REPORTS
    return paths.EDITIONS / "_".join(f"{name.replace('_', '-')}-{value}" for name, value in changed.items())


def current(chosen):
    """Whether the edition with these parameters is published, whole, and would be the same if it were made again."""
    folder = folder_of(chosen)
    manifest = read(folder)
    if manifest is None or manifest["parameters"] != chosen.as_dict() or manifest["inputs"] != inputs():
        return False
    return not damaged(folder)
