"""Kernels of the provisioner are forks, end with their client, and never keep a program from ending."""

import os
import subprocess
import sys

import pytest

from warmkernel import forks

pytestmark = pytest.mark.skipif(not forks.possible(), reason="processes cannot be forked from a warm helper here")

START = """
import os
from jupyter_client.manager import start_new_kernel
if __name__ == '__main__':
    manager, client = start_new_kernel(kernel_name='python3')
    client.execute_interactive({cell!r})
    print(manager.provisioner.pid, flush=True)
    client.stop_channels()
    {end}
"""


def run(cell: str, end: str) -> tuple[list[str], str]:
    """The lines that a program prints which starts a kernel, and runs ``cell`` on it; it must end within a minute."""
    environment = os.environ | {"JUPYTER_DEFAULT_PROVISIONER_NAME": "warm", "WARM_PRELOAD": "colorsys"}
    code = START.format(cell=cell, end=end)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    return done.stdout.split("\n"), done.stderr


def test_a_kernel_is_a_fork_and_ends_with_its_client() -> None:
    lines, errors = run("import sys; print('colorsys' in sys.modules)", "manager.shutdown_kernel()")
    assert lines[0] == "True", errors
    assert not os.path.exists(f"/proc/{lines[1]}")


def test_a_kernel_that_nobody_shuts_down_does_not_keep_the_program_from_ending() -> None:
    lines, errors = run("print('alive')", "client = None")
    assert lines[0] == "alive", errors
    assert not os.path.exists(f"/proc/{lines[1]}")


def test_what_a_cell_has_detached_ends_with_a_kernel_that_is_killed() -> None:
    cell = "import subprocess; print(subprocess.Popen(['setsid', '-f', 'sleep', '61']).wait())"
    lines, errors = run(cell, "print([manager.provisioner.process.kill(), manager.provisioner.process.wait()][1])")
    assert lines[0] == "0", errors
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "sleep 61" not in left.splitlines()
