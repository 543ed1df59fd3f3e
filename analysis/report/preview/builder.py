"""The process that builds the preview's pages: whenever asked, those that are open first, then all others.

It stays between saves, and keeps what is slow to begin: imports, the helper that notebooks are forked from, runs whose inputs
did not change. Heavy imports are made in :func:`serve`, so that code that cannot be imported is told like any other problem.
"""

import contextlib
import os
import shutil
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.report.site import Report

LAST = ("search-index", "data")  # groups that take long, and that nobody looks at
Tell = Callable[[str, list[str]], None]  # (problems, lines), (written, files), (done, nothing)


@dataclass(frozen=True)
class Wanted:
    """What the builder is asked: the pages that are open, and whether files were saved since."""

    open_pages: list[str]
    anew: bool = False


class Interrupted(Exception):  # noqa: N818 (nothing went wrong)
    """Files were saved while pages were built: what is left of them is not worth building."""


def serve(pipe: connection.Connection, folder: Path, values: dict[str, Any]) -> None:
    """Build into ``folder`` whatever the other end of ``pipe`` asks for, until that is None, and tell (kind, what)."""
    from warmkernel import processes

    processes.end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the watcher's
    with contextlib.suppress(EOFError, OSError):
        wanted: Wanted | None = asked(pipe)

        def tell(kind: str, what: list[str]) -> None:
            pipe.send((kind, what))

        try:
            from analysis.report import notebooks

            notebooks.prepare()
            desk = Desk(folder, values, tell, pipe)
        except Exception as error:  # whatever the code does when it is imported
            tell("problems", [_where(error)])
            return
        while True:
            if wanted is not None:
                desk.open_pages = wanted.open_pages
            try:
                desk.build()
                wanted = asked(pipe)
                while not wanted.anew:  # a page was opened, and all are as they should be
                    wanted = asked(pipe)
            except Interrupted:
                wanted = None


def asked(pipe: connection.Connection) -> Wanted:
    """What is asked next. Raises ``EOFError`` if it is to end."""
    wanted: Wanted | None = pipe.recv()
    if wanted is None:
        raise EOFError
    return wanted


class Desk:
    """Builds all pages of one state of the files after another."""

    def __init__(self, folder: Path, values: dict[str, Any], tell: Tell, pipe: connection.Connection) -> None:
        from analysis.report.preview.checker import Checker
        from analysis.views import parameters

        self.open_pages: list[str] = []
        self._folder, self._tell, self._pipe = folder, tell, pipe
        self._aside = folder.with_name("aside")
        shutil.rmtree(self._aside, ignore_errors=True)  # a process that was ended in the midst of a page left it
        self._chosen = parameters.build(values)
        self._checker = Checker()

    def build(self) -> None:
        """Build every page from the files as they are. Raises :class:`Interrupted` if files are saved meanwhile."""
        from analysis.ledger import LedgerError
        from analysis.report.manifest import InputsChanged
        from analysis.report.notebooks import NotebookError
        from analysis.views.parameters import ParameterError

        try:
            self._build()
            self._checker.start()  # for the next time: the helper is warm by now
        except (Interrupted, EOFError):
            raise
        except InputsChanged:
            raise Interrupted from None
        except LedgerError as error:
            # Where the ledger cannot be read, the checks say more than who tried to.
            self._tell("problems", [str(problem) for problem in self._checker.problems() or error.problems])
        except (NotebookError, ParameterError, OSError) as error:
            self._tell("problems", [str(error)])
        except Exception as error:  # a fault in code that is being edited
            self._tell("problems", [_where(error)])

    def _build(self) -> None:
        from analysis import ledger
        from analysis.report import cache, edition, notebooks, site
        from analysis.report.manifest import Moment
        from analysis.report.runs import Runs

        moment = Moment.now()
        self._checker.begin()
        edited = edition.plan(ledger.load(), self._chosen)
        pages = {page.name: page for page in edited.pages}
        report = site.Report(
            self._aside, edited.questions, lambda name: running.part(pages[name]), edited.book, self._chosen
        )
        waiting = sorted(report.groups, key=LAST.__contains__)

        def begin(group: str) -> None:
            running.begin([pages[name] for name in report.notebooks_of(group)])

        try:
            with Runs(moment, notebooks.each, look=self._look, folder=self._folder.with_name("runs")) as running:
                begin(self._next(waiting, report))
                if problems := self._checker.problems():  # while the notebooks of the open page run
                    raise ledger.LedgerError(problems)
                while waiting:
                    group = self._next(waiting, report)
                    first = len(waiting) == len(report.groups)
                    waiting.remove(group)
                    begin(group)
                    self._aside.mkdir(parents=True)
                    report.write(group, alone=first)
                    moment.must_hold()
                    changed = _settle(self._aside, self._folder)
                    self._tell("problems", [])
                    self._tell("written", changed)
                    self._look()
                    running.begin(edited.pages)
        finally:
            shutil.rmtree(self._aside, ignore_errors=True)
        cache.prune()
        self._tell("done", [])

    def _next(self, waiting: list[str], report: "Report") -> str:
        """The group to write next: that of an open page, if there is one."""
        wanted = [report.group_of(page) for page in self.open_pages]
        return next((group for group in wanted if group in waiting), waiting[0])

    def _look(self) -> None:
        """See what has been asked meanwhile. Raises :class:`Interrupted` if files were saved."""
        while self._pipe.poll():
            wanted = asked(self._pipe)
            self.open_pages = wanted.open_pages
            if wanted.anew:
                raise Interrupted


def _settle(new: Path, folder: Path) -> list[str]:
    """Move what has changed into ``folder``, each file in one step; gives the names of these files. ``new`` is gone then."""
    changed = []
    for path in sorted(path for path in new.rglob("*") if path.is_file()):
        target = folder / path.relative_to(new)
        if not target.is_file() or target.read_bytes() != path.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, target)
            changed.append(path.relative_to(new).as_posix())
    shutil.rmtree(new)
    return changed


def _where(error: Exception) -> str:
    """An error in code that is being edited: the line of the project where it came up, and what it says."""
    from analysis.values import paths

    here = [
        frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(paths.PROJECT))
    ]
    if isinstance(error, SyntaxError) and error.filename:
        return f"{paths.relative(error.filename)}:{error.lineno}: {error.msg}"
    own = [frame for frame in here if Path(frame.filename).parent != Path(__file__).parent] or here
    place = f"{paths.relative(own[-1].filename)}:{own[-1].lineno}: " if own else ""
    return f"{place}{type(error).__name__}: {error}"
