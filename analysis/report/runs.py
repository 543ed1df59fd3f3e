"""The runs of notebooks that a report is made of: each is made once, and only where what it gives is not kept already.

They go on in a thread while pages that need none of them are written. What belongs elsewhere: which pages there are
(``edition``), running a notebook (``notebooks``), what is taken from it (``site``), where it is kept (``cache``).

Typical use::

    with Runs(moment, notebooks.each) as runs:
        runs.begin(pages)
        ...                          # write what needs no notebook
        part = runs.part(pages[0])   # waits for it
"""

import contextlib
import json
import queue
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from analysis.display import charts
from analysis.report import cache, manifest, notebooks, site
from analysis.report.manifest import Moment
from analysis.report.progress import Progress
from analysis.values import paths

PART = ("question", "headline", "tables", "figures", "fragment")  # what is kept of a page
GLANCE = 0.05  # seconds between two looks at what else has happened, while a notebook is waited for
GRACE = 0.5  # seconds in which the thread may end; it is held up only while a helper is being started


@dataclass
class Page:
    """One page to be made from a notebook: what it is called, asks, is run with, and depends on.

    ``depends`` has the hash of everything that the page is made from, by what it is: cells, parameters, each table of
    the ledger as far as the notebook can see it, code, lock file, Python. ``tools`` is the hash of what all pages depend on.
    """

    name: str
    question: str
    source: Path
    values: dict[str, Any]
    depends: dict[str, str]
    tools: str

    @property
    def key(self) -> str:
        """Under which what is made of it is kept."""
        return manifest.fingerprint(self.depends)


class Stopped(Exception):  # noqa: N818 (nothing went wrong)
    """Nobody wants what is still running."""


class Runs:
    """The runs that one build needs, in a thread of their own; leaving the ``with`` ends what still runs.

    ``each`` is :func:`analysis.report.notebooks.each` or the like, ``force`` has everything run again, ``look()`` is called
    while a notebook is waited for. Runs take place in ``folder`` (default: in the build folder).
    """

    def __init__(
        self,
        moment: Moment,
        each: Callable[..., Any],
        progress: Progress | None = None,
        *,
        force: bool = False,
        look: Callable[[], None] = lambda: None,
        folder: Path | None = None,
    ) -> None:
        self._moment, self._progress, self._force, self._look = moment, progress or Progress(), force, look
        self._each = partial(each, tick=self._tick)
        self._folder = folder or paths.BUILD / "notebooks"  # in which each run has a folder of its own
        self._ends: dict[str, Future[None]] = {}
        self._todo: queue.SimpleQueue[list[Page]] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Runs":
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._todo.put([])
        self._thread.join(GRACE)

    def begin(self, pages: Sequence[Page]) -> None:
        """Begin to run the notebooks of these pages, several at a time, without waiting for them.

        None is run that has been begun before, or of which is kept what is wanted.
        """
        new = {page.key: page for page in pages if page.key not in self._ends}
        todo = [page for page in new.values() if self._force or kept(page.key) is None]
        self._ends |= {key: Future() for key in new}
        for key in new.keys() - {page.key for page in todo}:
            self._ends[key].set_result(None)
        if new:
            self._progress.begin(len(new), len(new) - len(todo))
        if todo:
            self._todo.put(todo)

    @property
    def ended(self) -> bool:
        """Whether all that were begun have run. Raises what one of them failed with."""
        if self._failure is not None:
            raise self._failure
        return all(end.done() for end in self._ends.values())

    def part(self, page: Page) -> dict[str, Any]:
        """What is taken from the page's notebook, as soon as it has run. Raises what it failed with."""
        self.begin([page])
        while True:
            try:
                self._ends[page.key].result(timeout=GLANCE)
                break
            except TimeoutError:
                self._look()
        found = kept(page.key)
        if found is None:
            place = paths.relative(cache.folder() / page.key)
            raise OSError(f"{place} was damaged while the report was written: run it again")
        return found

    def _work(self) -> None:
        while (pages := self._todo.get()) and not self._stopped.is_set():
            self._run(pages)

    def _run(self, pages: list[Page]) -> None:
        left = {page.key: self._ends[page.key] for page in pages}

        def started(number: int) -> None:
            self._progress.started(pages[number].name)

        try:
            for page, seconds in run_all(
                pages, self._moment, partial(self._each, started=started), self._folder, anew=self._force
            ):
                self._progress.done(page.name, seconds)
                left.pop(page.key).set_result(None)
        except BaseException as error:
            self._failure = error
            for end in left.values():
                end.set_exception(error)

    def _tick(self) -> None:
        if self._stopped.is_set():
            raise Stopped
        self._progress.tick()


def run_all(
    pages: Sequence[Page], moment: Moment, each: Callable[..., Any], folder: Path, anew: bool = False
) -> Iterator[tuple[Page, float]]:
    """Run the notebook of each page in ``folder``, which is removed, and keep what is taken from it.

    With ``anew`` no figure is taken from what is kept. Yields (page, seconds) as each ends. Raises what running raises, and
    :class:`analysis.report.manifest.InputsChanged`, before anything is kept that was made from files of two moments.
    """
    tasks = [
        (page.source, folder / page.key[:16] / page.source.name, page.values, page.name, "" if anew else page.tools)
        for page in pages
    ]
    with contextlib.closing(each(run, tasks)) as results:
        for number, seconds, data in results:
            moment.must_hold()
            cache.put(pages[number].key, data)
            yield pages[number], seconds
    shutil.rmtree(folder, ignore_errors=True)


def run(
    source: Path, target: Path, values: Mapping[str, Any], name: str, tools: str, engine: str | None, timeout: float
) -> bytes:
    """Run one notebook and give its :func:`analysis.report.site.part` as bytes: the task of a fork or a worker.

    Figures that were drawn with the same ``tools`` from the same rows are taken from what is kept; with blank ``tools``, or
    in an ordinary kernel, each is drawn.
    """
    charts.keep_in(cache if tools else None, tools)
    notebook = notebooks.run(source, target, values, engine, timeout)
    part = site.part(notebook, name)
    target.unlink()  # it is kept only where it failed
    return json.dumps(part, sort_keys=True).encode("utf-8")


def kept(key: str) -> dict[str, Any] | None:
    """What is kept of a page under its key; ``None`` if there is nothing, or nothing that can be used, which is removed."""
    try:
        found = json.loads(cache.get(key) or b"")
    except ValueError:
        found = None
    if not isinstance(found, dict) or any(name not in found for name in PART):
        cache.remove(key)
        return None
    return found
