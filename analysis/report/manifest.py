"""What a published report was made from and consists of, by hash: ``manifest.json``. Fast to read and to compare.

Belongs here: the hashes of inputs and outputs, and whether the inputs are still those of one moment. Does not belong
here: making anything. Imports nothing heavy: with it alone can be told, in a fraction of a second, that nothing has
changed. Typical use::

    moment = manifest.Moment.now()
    ...                    # read, compute
    moment.must_hold()     # raises InputsChanged if a file was saved meanwhile
"""

import hashlib
import importlib.metadata
import json
import platform
import re
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis import __version__
from analysis.values import paths
from analysis.views.parameters import Parameters

NAME = "manifest.json"
PACKAGES = ("matplotlib", "nbconvert", "numpy", "pandas", "papermill", "pycountry", "resvg-py")
LOCK_FILE = "requirements.lock"


@dataclass
class InputsChanged(Exception):  # noqa: N818 (not a fault: somebody saved a file)
    """A file that the report is made from was saved while it was made. ``name`` is its path within the project."""

    name: str

    @property
    def read_anew(self) -> bool:
        """Whether a build that starts over reads it: tables and notebooks. Code and schema have been taken in already."""
        return self.name.endswith(".ipynb") or (self.name.startswith("data/") and self.name.endswith(".csv"))

    def __str__(self) -> str:
        return f"{self.name} was saved while it was being read; nothing of this run was kept: run it again"


@dataclass(frozen=True)
class Moment:
    """The inputs as they were at one moment: for each file its hash, and what the file system says of it.

    The hash alone would not tell that a file was changed and changed back while it was read.
    """

    files: dict[str, tuple[str, tuple[int, ...]]]

    @classmethod
    def now(cls) -> "Moment":
        """The inputs as they are; a file that is saved meanwhile will have changed in the eyes of :meth:`must_hold`."""
        before = {paths.relative(path): (path, _state(path)) for path in _input_files()}
        return cls({name: (digest(path), state) for name, (path, state) in before.items()})

    @cached_property
    def hashes(self) -> dict[str, str]:
        """Relative path → SHA-256, as in the manifest."""
        return {name: found for name, (found, _) in self.files.items()}

    def must_hold(self) -> None:
        """Raise :class:`InputsChanged` if a file was saved, added or removed since."""
        now = {paths.relative(path): _state(path) for path in _input_files()}
        for name in sorted(now | self.files):
            if name not in now or name not in self.files or now[name] != self.files[name][1]:
                raise InputsChanged(name)


def _state(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def digest(path: str | Path) -> str:
    """SHA-256 of a file; blank if there is none."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def inputs() -> dict[str, str]:
    """Relative path → SHA-256 of everything that a report is made from: data, notebooks, code, lock file."""
    return {paths.relative(path): digest(path) for path in _input_files()}


def _input_files() -> list[Path]:
    found = [
        *paths.DATA.glob("*.csv"),
        *paths.DATA.glob("*.json"),
        *paths.DATA.glob("*.md"),
        paths.DATA / "LICENSE",
        *paths.REFERENCE.glob("*.[cj]s*"),
    ]
    found += [*paths.NOTEBOOKS.glob("*.ipynb"), *code(), paths.PROJECT / LOCK_FILE]
    return [path for path in sorted(found) if path.is_file()]


def code() -> list[Path]:
    """The files of the package itself, templates and style with them, in order."""
    files = [*(paths.PROJECT / "analysis").rglob("*.*"), *(paths.PROJECT / "warmkernel" / "src").rglob("*.py")]
    return sorted(path for path in files if path.is_file() and "__pycache__" not in path.parts)


def installed() -> dict[str, str]:
    """Name → version of each package of the lock file that is installed here, whatever version the lock file names."""
    try:
        text = (paths.PROJECT / LOCK_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    locked = set(re.findall(r"^([a-z0-9._-]+)==", text, flags=re.MULTILINE))
    found = {}
    # The names of the folders say it all; importlib.metadata would open a file in each.
    for folder in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for path in Path(folder).glob("*.dist-info"):
            name, _, version = path.name.removesuffix(".dist-info").partition("-")
            name = re.sub(r"[-_.]+", "-", name).lower()
            if name in locked:
                found[name] = version
    return dict(sorted(found.items()))


def surroundings() -> dict[str, str]:
    """What every page and sentence depends on beside claims, notebooks and code: what it is → its hash or version."""
    return {
        "codebook": digest(paths.DATA / "datapackage.json"),
        "reference tables": fingerprint([digest(path) for path in sorted(paths.REFERENCE.glob("*.[cj]s*"))]),
        "lock file": digest(paths.PROJECT / LOCK_FILE),
        "installed versions": fingerprint(installed()),
        "Python": platform.python_version(),
    }


def describe(
    folder: Path, parameters: Mapping[str, Any], as_of: str, tables: Mapping[str, int], made_from: Mapping[str, str]
) -> dict[str, Any]:
    """The manifest of the report in ``folder``: parameters, versions, the hash of every input and output.

    ``as_of`` is a day, ``tables`` the number of rows of each table that the report could see, ``made_from`` the inputs'
    hashes by path.
    """
    outputs = {p.relative_to(folder).as_posix(): digest(p) for p in sorted(Path(folder).rglob("*")) if p.is_file()}
    return {
        "title": "Third-Country Ledger",
        "version": __version__,
        "parameters": parameters,
        "as_of": as_of,
        "tables": tables,
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
        "installed": fingerprint(installed()),
        "inputs": made_from,
        "outputs": outputs,
    }


def fingerprint(value: Any) -> str:
    """SHA-256 of anything that JSON can hold."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode("utf-8")).hexdigest()


def write(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest into the report it describes."""
    text = json.dumps(manifest, indent=1, sort_keys=True) + "\n"
    (Path(folder) / NAME).write_text(text, encoding="utf-8")


def read(folder: Path) -> dict[str, Any] | None:
    """The manifest of a published report; ``None`` if there is none, or none that can be used."""
    try:
        found = json.loads((Path(folder) / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict) or not all(
        isinstance(found.get(key), dict) for key in ("inputs", "outputs", "parameters")
    ):
        return None
    return found


def damaged(folder: Path) -> list[str]:
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


def folder_of(chosen: Parameters) -> Path:
    """Where the edition with these :class:`analysis.views.parameters.Parameters` is published."""
    changed = chosen.changed()
    if not changed:
        return paths.REPORTS
    return paths.EDITIONS / "_".join(f"{name.replace('_', '-')}-{value}" for name, value in changed.items())


def current(chosen: Parameters, made_from: Mapping[str, str] | None = None) -> bool:
    """Whether the edition with these parameters is published, whole, and would be the same if it were made again.

    ``made_from`` are the inputs' hashes by path, if they are known already.
    """
    folder = folder_of(chosen)
    manifest = read(folder)
    if manifest is None or manifest["parameters"] != chosen.as_dict():
        return False
    if manifest["inputs"] != (inputs() if made_from is None else made_from):
        return False
    return manifest.get("installed") == fingerprint(installed()) and not damaged(folder)
