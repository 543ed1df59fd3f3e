"""Imported first by the helper: it ends with the process that started it, even while it is still importing.

Whatever a fork started and left behind has become a child of the helper by then, and is ended with it.
"""

import atexit
import os
import signal
import warnings
from types import FrameType

from warmkernel import forks, processes


def _end(number: int, frame: FrameType | None) -> None:
    if os.environ.get(forks.PARENT) == str(os.getppid()):
        return  # the thread that started this process has ended, not the process
    processes.end_descendants(os.getpid())
    os._exit(1)


processes.adopt_orphans()
signal.signal(signal.SIGTERM, _end)
processes.end_with_parent(signal.SIGTERM)
if os.environ.get(forks.PARENT) != str(os.getppid()):
    os._exit(1)  # that process has ended already
# The helper ends in the ordinary way where its caller does. Forks never come to this: they leave by os._exit.
atexit.register(processes.end_descendants, os.getpid())
# An orphan that ends is not among the forks that multiprocessing knows of, and need not be.
warnings.filterwarnings("ignore", message="forkserver: waitpid returned unexpected pid")
