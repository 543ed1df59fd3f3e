"""A kernel provisioner for jupyter_client: ordinary ipykernels that are forked from a warm helper instead of started cold.

Declared as the entry point ``warm`` of ``jupyter_client.kernel_provisioners``. A kernel specification can name it; or the
environment, for everything that starts kernels (nbval, papermill, nbclient)::

    JUPYTER_DEFAULT_PROVISIONER_NAME=warm WARM_PRELOAD=pandas,matplotlib.pyplot

``WARM_PRELOAD`` names the modules that the helper imports.
"""

import atexit
import multiprocessing
import os
import signal
from multiprocessing.process import BaseProcess
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from warmkernel import forks, processes

PRELOAD = "WARM_PRELOAD"


class WarmProvisioner(LocalProvisioner):
    """As jupyter_client's own local provisioner, but for how the process comes to be."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel that ``cmd`` (``python -m ipykernel_launcher -f FILE …``) would start; start any other command."""
        if not forks.possible() or "ipykernel_launcher" not in cmd:
            return await super().launch_kernel(cmd, **kwargs)
        forks.warm(["ipykernel.kernelapp", *filter(None, os.environ.get(PRELOAD, "").split(","))])
        folder = str(kwargs.get("cwd") or os.getcwd())
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        process = multiprocessing.get_context("forkserver").Process(
            target=_kernel, args=(arguments, dict(kwargs.get("env") or os.environ), folder)
        )
        process.start()
        self.cwd = folder
        started = _Popen(process)
        self.process = started  # type: ignore[assignment]  # all of a Popen that the provisioner asks for
        self.pid = self.pgid = started.pid
        return self.connection_info


class _Popen:
    """A process of multiprocessing with the face of ``subprocess.Popen``, as far as LocalProvisioner looks at it."""

    stdin = stdout = stderr = None

    def __init__(self, process: BaseProcess) -> None:
        assert process.pid is not None  # it has been started
        self._process, self.pid = process, process.pid
        # When the interpreter ends, multiprocessing waits for each process that it knows of. A kernel that nobody has
        # shut down would be waited for for ever; what is registered later is called earlier.
        atexit.register(self.kill)

    def poll(self) -> int | None:
        self._process.join(0)
        if self._process.exitcode is not None:
            atexit.unregister(self.kill)
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self.poll()

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        """End the kernel and what its cells have started."""
        if self._process.exitcode is None:
            processes.end_with_descendants(self.pid)

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)


def _kernel(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    """What the fork does: become a process of its own, then an ordinary kernel that ends when the helper does."""
    processes.isolate(environment, folder)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from ipykernel.kernelapp import IPKernelApp

    # Its default was read from the environment when the helper imported it, which was not this kernel's.
    IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
