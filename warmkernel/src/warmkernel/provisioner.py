"""A kernel provisioner for jupyter_client: ordinary ipykernels that are forked from a warm helper instead of started cold.

Declared as the entry point ``warm`` of ``jupyter_client.kernel_provisioners``. A kernel specification can name it; or the
environment, for everything that starts kernels (nbval, papermill, nbclient)::

    JUPYTER_DEFAULT_PROVISIONER_NAME=warm WARM_PRELOAD=pandas,matplotlib.pyplot

``WARM_PRELOAD`` names the modules that the helper imports.
"""

import multiprocessing
import os
import signal

from jupyter_client.provisioning import LocalProvisioner

from warmkernel import forks


class WarmProvisioner(LocalProvisioner):
    """As jupyter_client's own local provisioner, but for how the process comes to be."""

    async def launch_kernel(self, cmd, **kwargs):
        """Fork the kernel that ``cmd`` (``python -m ipykernel_launcher -f FILE …``) would start."""
        if not forks.possible() or "ipykernel_launcher" not in cmd:
            return await super().launch_kernel(cmd, **kwargs)
        forks.warm(["ipykernel.kernelapp", *filter(None, os.environ.get("WARM_PRELOAD", "").split(","))])
        self.cwd = kwargs.get("cwd") or os.getcwd()
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        process = multiprocessing.get_context("forkserver").Process(
            target=_kernel, args=(arguments, dict(kwargs.get("env") or os.environ), str(self.cwd))
        )
        process.start()
        self.process = _Popen(process)
        self.pid = self.pgid = process.pid
        return self.connection_info


class _Popen:
    """A process of multiprocessing with the face of ``subprocess.Popen``, as far as LocalProvisioner looks at it."""

    stdin = stdout = stderr = None

    def __init__(self, process):
        self._process, self.pid = process, process.pid
        self.kill, self.terminate = process.kill, process.terminate

    def poll(self):
        self._process.join(0)
        return self._process.exitcode

    def wait(self):
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number):
        os.kill(self.pid, number)


def _kernel(arguments, environment, folder):
    """What the fork does: become a process of its own, then an ordinary kernel that ends when the helper does."""
    forks.isolate(environment, folder)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from ipykernel.kernelapp import IPKernelApp

    # Its default was read from the environment when the helper imported it, which was not this kernel's.
    IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
