"""Processes and what they start: how one ends with its parent, and how nothing that it started is left behind.

Belongs here: asking the system about processes, and ending them. Does not belong here: what a process is for (``forks``).
Everything is Linux's; elsewhere a process group is ended instead. Typical use::

    processes.adopt_orphans()             # in the process that is to answer for whatever it starts
    processes.end_with_descendants(pid)   # in the process that ends it
"""

import contextlib
import ctypes
import os
import random
import signal
import sys
import time

SET_DEATH_SIGNAL, SET_CHILD_SUBREAPER = 1, 36  # numbers of prctl(2)


def isolate(environment: dict[str, str], folder: str) -> None:
    """Make this fork as separate from its siblings as a process that was started afresh.

    Process group, signals, environment, working folder and random states of its own. It ends with its parent, answers
    for whatever it starts, and is the first to go where the machine runs out of memory.
    """
    os.setpgid(0, 0)
    end_with_parent()
    adopt_orphans()
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


def end_with_parent(number: int = signal.SIGKILL) -> None:
    """Ask the system to send this process the signal ``number`` when the process that started it ends, however that happens."""
    _prctl(SET_DEATH_SIGNAL, number)


def adopt_orphans() -> None:
    """Become the parent of each descendant whose own parent ends: :func:`descendants` finds it, whatever it did to detach."""
    _prctl(SET_CHILD_SUBREAPER, 1)


def descendants(pid: int) -> set[int]:
    """The processes that descend from ``pid`` and have not ended; empty where the system does not say (all but Linux)."""
    children: dict[int, list[int]] = {}
    ended = set()
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
        if name.isdecimal():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as handle:
                # The command stands in parentheses and may hold anything; state and parent follow it.
                state, parent = handle.read().rpartition(b")")[2].split()[:2]
                children.setdefault(int(parent), []).append(int(name))
                if state in b"ZX":
                    ended.add(int(name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        new = set(children.get(waiting.pop(), [])) - found
        found |= new
        waiting.extend(new)
    return found - ended


def end_descendants(pid: int) -> None:
    """Kill all that descends from ``pid``, which must start nothing more meanwhile: it is the caller, or it is stopped.

    What belongs to another user cannot be ended, and is left.
    """
    while found := descendants(pid):
        reached = [_kill(each, signal.SIGKILL) for each in found]
        if not any(reached):
            return
        time.sleep(0.001)  # a killed process takes a moment to be gone


def end_with_descendants(pid: int) -> None:
    """Kill the process ``pid``, its process group, and all that descends from it, in sessions of their own too."""
    _kill(pid, signal.SIGSTOP)  # it starts nothing more, and what it started comes to it
    end_descendants(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    _kill(pid, signal.SIGKILL)  # it may not have come as far as to have a group


def _kill(pid: int, number: int) -> bool:
    """Send a signal. Whether this process may; one that has ended already counts as reached."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
    except PermissionError:
        return False
    return True


def _first_to_go() -> None:
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as handle:
        handle.write("1000")


def _prctl(what: int, value: int) -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(what, value, 0, 0, 0)
