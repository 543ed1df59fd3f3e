"""One build at a time. The lock is held by the operating system for a process: it cannot outlive it.

Typical use::

    with lock.held(progress.waiting) as cut_off:
        ...
"""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from typing import TextIO

from analysis.values import paths


@contextlib.contextmanager
def held(waiting: Callable[[str], None] = lambda holder: None) -> Iterator[bool]:
    """Hold the lock of this project's builds; wait for it where another build holds it.

    ``waiting(holder)`` is called once before waiting, with what the other build wrote about itself (``process 1234``).
    Yields whether the build before this one was cut off: its name is still in the file though nobody holds the lock.
    """
    paths.BUILD.mkdir(parents=True, exist_ok=True)
    with (paths.BUILD / "lock").open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            waiting(handle.read().strip() or "another process")
            fcntl.flock(handle, fcntl.LOCK_EX)
        handle.seek(0)
        cut_off = bool(handle.read().strip())
        _write(handle, f"process {os.getpid()}")
        try:
            yield cut_off
        finally:
            _write(handle, "")


def _write(handle: TextIO, text: str) -> None:
    handle.seek(0)
    handle.truncate()
    handle.write(text)
    handle.flush()
