"""The checks of the ledger in a process that stays: they go on while the process that builds reads the ledger.

Belongs here: asking for them, and waiting for what they find. What belongs elsewhere: the checks (``ledger.checks``).

Typical use::

    checker = Checker()
    checker.start()     # at leisure
    checker.begin()
    ...                 # read the same files
    checker.problems()  # waits
"""

import contextlib
import multiprocessing
import signal
from multiprocessing import connection

from analysis.ledger import checks
from analysis.values.problems import Problem
from warmkernel import forks, processes


class Checker:
    """Checks the files of the ledger as they are when it is asked; before :meth:`start`, in this very process."""

    def __init__(self) -> None:
        self._pipe: connection.Connection | None = None
        self._asked, self._answered = 0, 0
        self._found: list[Problem] | None = None

    def start(self) -> None:
        """Fork the process from the helper, which must have imported what it imports; nothing where that is not possible."""
        if self._pipe is not None or not forks.possible():
            return
        context = multiprocessing.get_context("forkserver")
        self._pipe, theirs = context.Pipe()
        context.Process(target=_check_whenever_asked, args=(theirs,), daemon=True).start()
        theirs.close()

    def begin(self) -> None:
        """Begin to check, without waiting."""
        self._asked += 1
        if self._pipe is not None:
            with contextlib.suppress(OSError):
                self._pipe.send(self._asked)

    def problems(self) -> list[Problem]:
        """What is wrong with the files, as soon as it is known."""
        try:
            # Answers to earlier questions may come first.
            while self._pipe is not None and self._answered != self._asked:
                self._answered, self._found = self._pipe.recv()
        except (EOFError, OSError):
            self._pipe = None  # it has ended
        if self._found is None or self._answered != self._asked:
            self._answered, self._found = self._asked, checks.check()
        return self._found


def _check_whenever_asked(pipe: connection.Connection) -> None:
    """Send, for each number that comes, the number and the problems; ``None`` where the checks failed: who asked sees why."""
    processes.end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the watcher's
    with contextlib.suppress(EOFError, OSError):
        while True:
            number = pipe.recv()
            try:
                found = checks.check()
            except Exception:  # whatever the code does that is being edited
                found = None
            pipe.send((number, found))
