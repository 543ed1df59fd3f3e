"""What is made of a file, made again as soon as its bytes are others: the one place for state that outlives a call.

An edit is therefore seen in a running JupyterLab. What belongs elsewhere: what is made of which file.

Typical use::

    places = FileContents(lambda: paths.REFERENCE / "places.csv", parse)
    places()
"""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from analysis.values import paths
from analysis.values.problems import LedgerError, Problem

T = TypeVar("T")


class FileContents(Generic[T]):
    """``make`` of the bytes of a file, remembered until the file is another.

    The file is looked at on each call, and read again when its size, its number or one of its times has changed: a
    million rows ask for a country's name a million times. ``path`` is a function, so that it is asked each time where
    the file lies. Raises :class:`LedgerError` where the file cannot be read, and what ``make`` raises.
    """

    def __init__(self, path: Callable[[], Path], make: Callable[[bytes], T]) -> None:
        self._path = path
        self._make = make
        self._last: tuple[tuple[object, ...], bytes, T] | None = None

    def __call__(self) -> T:
        path, last = self._path(), self._last
        try:
            seen = path.stat()
            mark = path, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino
            if last is not None and last[0] == mark:
                return last[2]
            data = path.read_bytes()
        except OSError as error:
            rule, fix = f"the file can be read ({error.strerror})", "restore it from the last revision"
            raise LedgerError([Problem(paths.relative(path), 0, "", "", rule, fix)]) from None
        made = last[2] if last is not None and last[1] == data else self._make(data)
        self._last = mark, data, made
        return made
