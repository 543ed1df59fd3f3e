"""Calls of a function, each in a process of its own, forked from one helper that has imported what they need.

Belongs here: starting calls, watching them, ending them. Does not belong here: what a process is to the system
(``processes``), what is called (``engine`` has the notebooks). Uses the standard library alone. Where a fork of a warm
process is not possible, processes are started afresh; the calls and what becomes of them are the same. Typical use::

    forks.warm(["pandas"])
    for number, seconds, result in forks.run(function, [(1,), (2,)], jobs=2):
        ...
"""

import contextlib
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import connection, forkserver, resource_tracker
from typing import Any

from warmkernel import processes

TICK = 0.1  # seconds between two looks at what hangs
GRACE = 1.0  # seconds in which the exit code of a process that has gone is waited for
MEMORY = 4 * 2**30  # bytes of address space that one call may fill
LONGEST_SOCKET_FOLDER = 60  # characters: the path of a socket may have 107, of which multiprocessing adds some 40
EXIT_WITH_PARENT, PARENT = "warmkernel.exit_with_parent", "WARM_PARENT"
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # environment: no library starts threads of its own
HELPER = ONE_THREAD | {  # none speaks up, and matplotlib draws as ipykernel will ask it to
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


@dataclass
class Lost(Exception):  # noqa: N818 (not an error of the caller's)
    """A call that did not come back. ``step`` is the last one it reported (None for none), ``reason`` says what happened."""

    step: Any
    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass
class _Reports:
    """In a fork: the end of the pipe on which it says what it does. In every other process there is none."""

    pipe: connection.Connection | None = None
    process: int = 0


_reports = _Reports()


@dataclass
class _Call:
    number: int
    process: multiprocessing.process.BaseProcess
    pipe: connection.Connection
    began: float
    last_heartbeat: float
    step: Any = None

    @property
    def pid(self) -> int:
        assert self.process.pid is not None  # it has been started
        return self.process.pid


def possible() -> bool:
    """Whether calls can be forked from a warm helper: on Linux, and not from a process that may have no children."""
    forkable = sys.platform == "linux" and "forkserver" in multiprocessing.get_all_start_methods()
    return forkable and not multiprocessing.current_process().daemon


def warm(preload: Iterable[str], folder: str | os.PathLike[str] | None = None) -> None:
    """Start the helper, which imports the modules named in ``preload``, and come back without waiting for it.

    Only the first call in a process counts: there is one helper. Its environment is the caller's with :data:`HELPER`;
    forks get theirs from the call. The socket by which the helper is asked lies in ``folder``, if its path is short
    enough for one, else in the temporary directory: a caller that is killed cannot remove it.
    """
    multiprocessing.get_context("forkserver").set_forkserver_preload([EXIT_WITH_PARENT, *preload])
    resource_tracker.ensure_running()  # by itself first: it would let interrupts through again
    with environment(HELPER | {PARENT: str(os.getpid())}), _interrupts_held(), _temporary_directory(folder):
        forkserver.ensure_running()


def run(
    function: Callable[..., Any],
    tasks: Iterable[tuple[Any, ...]],
    jobs: int = 1,
    *,
    forked: bool = True,
    patience: float | None = None,
    memory: int | None = MEMORY,
    started: Callable[[int], None] | None = None,
    tick: Callable[[], None] | None = None,
) -> Generator[tuple[int, float, Any], None, None]:
    """Call ``function(*task)`` for each of ``tasks``, ``jobs`` at a time; yield (number, seconds, result) as each ends.

    ``result`` is what the function returned or the exception that it raised; :class:`Lost` if the process died, or was
    silent for more than ``patience`` seconds (a call that never says :func:`heartbeat` is given its time from the start).
    Each call has its own working folder, environment, random state, signals and process group, and at most ``memory``
    bytes of address space (``None``: as many as there are; never more than the process has been allowed by ``ulimit``).
    It ends with its parent, and all that it started ends with it. ``forked=False`` starts each process afresh.
    ``started(number)`` is called when a call begins, ``tick()`` several times a second. Leaving the loop early kills what
    still runs.
    """
    forked = forked and possible()
    context: Any = multiprocessing.get_context("forkserver" if forked else "spawn")
    waiting = deque(enumerate(tasks))
    running: list[_Call] = []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                number, task = waiting.popleft()
                running.append(_start(context, forked, number, function, task, memory))
                if started:
                    started(number)
            connection.wait([call.pipe for call in running], timeout=TICK)
            for call in list(running):
                outcome = _outcome(call, patience)
                if outcome:
                    running.remove(call)
                    _end(call)
                    yield call.number, time.perf_counter() - call.began, outcome[0]
            if tick:
                tick()
    finally:
        for call in running:
            _end(call)


def heartbeat(step: Any) -> None:
    """Called within a call: it lives, and has come to ``step``. Elsewhere, and in what a call forks itself, it says nothing."""
    if _reports.pipe is not None and _reports.process == os.getpid():
        _reports.pipe.send(("heartbeat", step))


def memory_limit(memory: int = MEMORY) -> tuple[int, int]:
    """Soft and hard limit for a process that may fill ``memory`` bytes, or fewer where ``ulimit -v`` has allowed it fewer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    return min([memory, *(limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY)]), hard


def _start(
    context: Any, forked: bool, number: int, function: Callable[..., Any], task: tuple[Any, ...], memory: int | None
) -> _Call:
    ours, theirs = context.Pipe(duplex=False)
    arguments = (theirs, function, task, dict(os.environ), os.getcwd(), memory)
    process = context.Process(target=_child, args=arguments)
    # A fork does not inherit from here, and to wait for the helper's imports must not keep Ctrl-C waiting.
    with contextlib.nullcontext() if forked else _interrupts_held():
        process.start()
    theirs.close()
    now = time.perf_counter()
    return _Call(number, process, ours, now, now)


def _outcome(call: _Call, patience: float | None) -> tuple[Any] | None:
    """(result,) once the call has ended, one way or the other; None while it goes on."""
    try:
        while call.pipe.poll():
            kind, value = call.pipe.recv()
            if kind == "end":
                return (value,)
            call.step, call.last_heartbeat = value, time.perf_counter()
    except (EOFError, ConnectionError):
        call.process.join(GRACE)
        return (Lost(call.step, _died(call.process.exitcode)),)
    if call.process.exitcode is not None and not call.pipe.poll():
        # What it forked holds the other end of the pipe: no end of file comes.
        return (Lost(call.step, _died(call.process.exitcode)),)
    if patience and time.perf_counter() - call.last_heartbeat > patience:
        return (Lost(call.step, f"timed out after {patience:g} seconds"),)
    return None


def _died(code: int | None) -> str:
    if code is not None and code < 0:
        return f"its process was killed by {signal.Signals(-code).name}"
    return f"its process ended with exit code {code}"


def _end(call: _Call) -> None:
    """See that the process and what it has started are gone."""
    if call.process.exitcode is None:
        processes.end_with_descendants(call.pid)
    else:  # its number may be another's by now, but the group of what it left behind is its own
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(call.pid, signal.SIGKILL)
    call.process.join()
    call.pipe.close()


def _child(
    pipe: connection.Connection,
    function: Callable[..., Any],
    task: tuple[Any, ...],
    variables: dict[str, str],
    folder: str,
    memory: int | None,
) -> None:
    """What a call's process does: become a world of its own, call the function, end what it started, say how it ended."""
    _reports.pipe, _reports.process = pipe, os.getpid()
    processes.isolate(variables, folder)
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, memory_limit(memory))
    outcome: Any
    try:
        outcome = function(*task)
    except BaseException as error:  # whatever it is, the caller is told
        error.add_note("".join(traceback.format_tb(error.__traceback__)))  # a traceback does not go through a pipe
        outcome = error
    if os.getpid() != _reports.process:  # a second process, forked by the function, that came back from it too
        os._exit(0)
    processes.end_descendants(os.getpid())
    try:
        pipe.send(("end", outcome))
    except Exception:  # what cannot be sent is told by its name
        pipe.send(("end", Lost(None, f"{type(outcome).__name__}: {outcome}")))


@contextlib.contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """``values`` in this process's environment as long as the ``with`` lasts."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


@contextlib.contextmanager
def _temporary_directory(folder: str | os.PathLike[str] | None) -> Iterator[None]:
    """Let the standard library make its temporary files in ``folder``; where that cannot be, where it makes them anyway."""
    if folder is None or len(os.fspath(folder)) > LONGEST_SOCKET_FOLDER:
        yield
        return
    before, tempfile.tempdir = tempfile.tempdir, os.fspath(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C goes to the caller, who ends the rest: what is started here never sees it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
