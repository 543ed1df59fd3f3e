"""Calls of a function, each in a process of its own, forked from one helper that has imported what they need.

Uses the standard library alone. Where a fork of a warm process is not possible, processes are started afresh; the calls
and what becomes of them are the same.
"""

import contextlib
import ctypes
import multiprocessing
import os
import random
import resource
import signal
import sys
import time
import traceback
from collections import deque
from dataclasses import dataclass
from multiprocessing import connection, forkserver, resource_tracker

TICK = 0.1  # seconds between two looks at what hangs
GRACE = 1.0  # seconds in which a process that was started afresh can put away what it has begun
MEMORY = 4 * 2**30  # bytes of address space that one call may fill
LEASH, PARENT = "warmkernel.exit_with_parent", "WARM_PARENT"
HELPER = {  # environment: no library starts threads, none speaks up, and matplotlib draws as ipykernel will ask it to
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}

_to_parent = None  # in a fork: the end of the pipe on which it says what it does


@dataclass
class Lost(Exception):  # noqa: N818 (not an error of the caller's)
    """A call that did not come back. ``step`` is the last one it reported (None for none), ``reason`` says what happened."""

    step: object
    reason: str

    def __str__(self):
        return self.reason


@dataclass
class _Call:
    number: int
    process: multiprocessing.process.BaseProcess
    pipe: connection.Connection
    forked: bool
    began: float
    beat: float
    step: object = None


def possible():
    """Whether calls can be forked from a warm helper: on Linux, and not from a process that may have no children."""
    forkable = sys.platform == "linux" and "forkserver" in multiprocessing.get_all_start_methods()
    return forkable and not multiprocessing.current_process().daemon


def warm(preload):
    """Start the helper, which imports the modules named in ``preload``, and come back without waiting for it.

    Only the first call in a process counts: there is one helper. Its environment is the caller's with :data:`HELPER`;
    forks get theirs from the call.
    """
    multiprocessing.get_context("forkserver").set_forkserver_preload([LEASH, *preload])
    resource_tracker.ensure_running()  # by itself first: it would let interrupts through again
    with environment(HELPER | {PARENT: str(os.getpid())}), _interrupts_held():
        forkserver.ensure_running()


def run(function, tasks, jobs=1, *, forked=True, patience=None, memory=MEMORY, started=None, tick=None):
    """Call ``function(*task)`` for each of ``tasks``, ``jobs`` at a time; yield (number, seconds, result) as each ends.

    ``result`` is what the function returned or the exception that it raised; :class:`Lost` if the process died, or was
    silent for more than ``patience`` seconds (a call that never says :func:`beat` is given its time from the start).
    Each call has its own working folder, environment, random state, signals and process group, and at most ``memory``
    bytes of address space (``None``: as many as there are); it dies with its parent. ``forked=False`` starts each process
    afresh. ``started(number)`` is called when a call begins, ``tick()`` several times a second. Leaving the loop early
    kills what still runs.
    """
    forked = forked and possible()
    context = multiprocessing.get_context("forkserver" if forked else "spawn")
    waiting, running = deque(enumerate(tasks)), []
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


def beat(step):
    """Called within a call: it lives, and has come to ``step``."""
    if _to_parent is not None:
        _to_parent.send(("beat", step))


def _start(context, forked, number, function, task, memory):
    ours, theirs = context.Pipe(duplex=False)
    arguments = (theirs, function, task, dict(os.environ), os.getcwd(), memory)
    process = context.Process(target=_child, args=arguments)
    # A fork does not inherit from here, and to wait for the helper's imports must not keep Ctrl-C waiting.
    with contextlib.nullcontext() if forked else _interrupts_held():
        process.start()
    theirs.close()
    now = time.perf_counter()
    return _Call(number, process, ours, forked, now, now)


def _outcome(call, patience):
    """(result,) once the call has ended, one way or the other; None while it goes on."""
    try:
        while call.pipe.poll():
            kind, value = call.pipe.recv()
            if kind == "end":
                return (value,)
            call.step, call.beat = value, time.perf_counter()
    except (EOFError, ConnectionError):
        call.process.join(GRACE)
        return (Lost(call.step, _died(call.process.exitcode)),)
    if patience and time.perf_counter() - call.beat > patience:
        return (Lost(call.step, f"timed out after {patience:g} seconds"),)
    return None


def _died(code):
    if code is not None and code < 0:
        return f"its process was killed by {signal.Signals(-code).name}"
    return f"its process ended with exit code {code}"


def _end(call):
    """See that the process and what it has started are gone."""
    if not call.forked:  # it may have started kernels, which have process groups of their own
        call.process.terminate()
        call.process.join(GRACE)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(call.process.pid, signal.SIGKILL)
    call.process.kill()  # it may not have come as far as to have a group
    call.process.join()
    call.pipe.close()


def _child(pipe, function, task, environment, folder, memory):
    """What a call's process does: become a world of its own, call the function, say how it ended."""
    global _to_parent
    _to_parent = pipe
    isolate(environment, folder)
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    try:
        outcome = function(*task)
    except BaseException as error:  # whatever it is, the caller is told
        error.add_note("".join(traceback.format_tb(error.__traceback__)))  # a traceback does not go through a pipe
        outcome = error
    try:
        pipe.send(("end", outcome))
    except Exception:  # what cannot be sent is told by its name
        pipe.send(("end", Lost(None, f"{type(outcome).__name__}: {outcome}")))


def isolate(environment, folder):
    """Make this fork as separate from its siblings as a process that was started afresh.

    Process group, signals, environment, working folder and random states of its own; it dies with its parent, and is the
    first to go where the machine runs out of memory.
    """
    os.setpgid(0, 0)
    die_with_parent()
    _first_to_go()
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    if sys.path[:1] in ([""], [folder]):  # where the caller's own program lies is not for the call to import from
        del sys.path[0]
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def die_with_parent():
    """Ask the system to end this process when the one that started it ends, however that happens (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        set_death_signal = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)


def _first_to_go():
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as handle:
        handle.write("1000")


@contextlib.contextmanager
def environment(values):
    """``values`` in this process's environment as long as the ``with`` lasts."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


@contextlib.contextmanager
def _interrupts_held():
    """Ctrl-C goes to the caller, who ends the rest: what is started here never sees it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
