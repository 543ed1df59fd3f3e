"""Imported first by the helper: it ends with the process that started it, even while it is still importing."""

import os

from warmkernel import forks

forks.die_with_parent()
if os.environ.get(forks.PARENT) != str(os.getppid()):
    os._exit(1)  # that process has ended already
