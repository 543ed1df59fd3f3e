"""The report while it is edited: served on this machine alone, built again at each save, the page that is open first.

Three parts: a server (``server``) that shows the pages as they were built last, a process (``builder``) that builds them, and
here the loop that watches the files. Nothing is published: the pages lie in the build folder.

Typical use::

    preview.run({}, port=8350, say=print)
"""

import contextlib
import multiprocessing
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from multiprocessing import connection
from pathlib import Path
from typing import Any

from analysis.report.preview import builder
from analysis.report.preview.server import Server
from analysis.values import paths
from warmkernel import processes

STEP, DEBOUNCE = 20, 200  # milliseconds of quiet after which a save counts as one, and that are waited for at most
GRACE = 3.0  # seconds in which the process that builds may end by itself
CODE = ("analysis", "warmkernel")  # folders whose change asks for a new process
DATA = (".csv", ".json", ".md")


def run(values: Mapping[str, Any], port: int, say: Callable[[str], None]) -> None:
    """Serve the report with the parameters ``values`` until interrupted; ``say`` is given each line for the terminal.

    Where ``port`` cannot be had, a free one is taken and said. Raises
    :class:`analysis.views.parameters.ParameterError` for a bad value and ``ImportError`` without watchfiles.
    """
    from watchfiles import watch

    from analysis.views import parameters

    parameters.build(dict(values))
    folder = _folder()
    server = Server(folder, port)
    building = Building(folder, dict(values), server, say)
    try:
        server.start()
        building.start()
        if server.instead:
            say(server.instead)
        say(f"preview: {server.address}")
        say("It follows data, notebooks and analysis as they are saved. Ctrl-C ends it; reports stays as it is.")
        for changes in watch(
            *_watched(), watch_filter=lambda _, path: is_input(Path(path)), step=STEP, debounce=DEBOUNCE
        ):
            building.changed(sorted({paths.relative(path) for _, path in changes}))
    except KeyboardInterrupt:
        pass
    finally:
        building.end()
        server.stop()
        shutil.rmtree(folder.parent, ignore_errors=True)


def is_input(path: Path) -> bool:
    """Whether the report is made from the file: tables and texts of ``data``, notebooks, code with its templates."""
    if not path.is_relative_to(paths.PROJECT):
        return False
    inside = path.relative_to(paths.PROJECT)
    if any(part.startswith((".", "__pycache__")) for part in inside.parts) or inside.name.endswith("~"):
        return False
    if inside.parts[0] == "data":
        return inside.suffix in DATA or inside.name == "LICENSE"
    if inside.parts[0] == "notebooks":
        return len(inside.parts) == 2 and inside.suffix == ".ipynb"
    return inside.suffix in (".py", ".j2", ".css", ".js")


def is_code(name: str) -> bool:
    """Whether a file that was saved, by its path within the project, has been taken in by a running process."""
    return name.split("/")[0] in CODE or (name.startswith("data/") and name.endswith(".json"))


def _watched() -> list[Path]:
    folders = [paths.DATA, paths.NOTEBOOKS, *(paths.PROJECT / name for name in CODE)]
    return [folder for folder in folders if folder.is_dir()]


def _folder() -> Path:
    """The folder of the pages, with those that are published: something can be seen at once."""
    folder = paths.BUILD / "tmp" / str(os.getpid()) / "report"  # which a later build removes if this process is killed
    if (paths.REPORTS / "index.html").is_file():
        shutil.copytree(paths.REPORTS, folder, ignore=shutil.ignore_patterns("editions", ".*"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Building:
    """The process that builds, and what it tells."""

    def __init__(self, folder: Path, values: dict[str, Any], server: Server, say: Callable[[str], None]) -> None:
        self._folder, self._values, self._server, self._say = folder, values, server, say
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: connection.Connection | None = None
        self._saved = time.monotonic()
        self._why = "start"
        server.on_open = self._ask

    def start(self) -> None:
        """Begin a process, which builds everything."""
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=builder.serve, args=(theirs, self._folder, self._values))
        self._process.start()
        theirs.close()
        threading.Thread(target=self._listen, args=(self._pipe, self._process), daemon=True).start()
        self._ask()

    def changed(self, names: list[str]) -> None:
        """Files of these names were saved: build again, with a new process where the running one has taken them in."""
        self._saved, self._why = (
            time.monotonic(),
            names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more",
        )
        self._server.working()
        alive = self._process is not None and self._process.is_alive()
        if alive and not any(is_code(name) for name in names):
            self._ask(anew=True)
        else:
            self.end()
            self.start()

    def end(self) -> None:
        """End the process and all that it has started; it is given a moment to put away what it made."""
        if self._process is None or self._process.pid is None or self._pipe is None:
            return
        with contextlib.suppress(OSError):
            self._pipe.send(None)
        self._process.join(GRACE)
        processes.end_with_descendants(self._process.pid)
        self._process.join()
        self._pipe.close()
        # Where its sockets lay, beside the folder of this process.
        shutil.rmtree(self._folder.parents[1] / str(self._process.pid), ignore_errors=True)

    def _ask(self, anew: bool = False) -> None:
        """Tell the process which pages are open, and whether files have changed."""
        with contextlib.suppress(OSError, AttributeError):
            self._pipe.send(builder.Wanted(self._server.open_pages, anew))  # type: ignore[union-attr]

    def _listen(self, pipe: connection.Connection, process: multiprocessing.process.BaseProcess) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._heard(*pipe.recv())
        if process is self._process and process.exitcode:
            self._heard("problems", ["the process that builds has ended: save a file to begin it anew"])

    def _heard(self, kind: str, what: Iterable[str]) -> None:
        seconds = time.monotonic() - self._saved
        what = list(what)
        if kind == "problems":
            self._server.problems(what)
            for line in what:
                self._say(line)
            if what:
                self._say(
                    f"{self._why}: {len(what)} problem{'s' if len(what) > 1 else ''}; the last good pages are shown"
                )
        elif kind == "written":
            self._server.written(what)
            for page in sorted({*what} & {*self._server.open_pages}):
                self._say(f"{self._why}: {page} is new after {seconds:.1f} s")
        elif kind == "done":
            self._server.done()
            self._say(f"{self._why}: all pages after {seconds:.1f} s")
