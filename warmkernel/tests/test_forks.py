"""Calls in forks: what they return, how they are kept apart, what becomes of those that die or hang."""

import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time

import numpy as np
import pytest

from warmkernel import forks, processes

pytestmark = pytest.mark.skipif(not forks.possible(), reason="processes cannot be forked from a warm helper here")


@pytest.fixture(scope="module", autouse=True)
def helper():
    forks.warm(["numpy"])


def double(number):
    return 2 * number


def world(folder):
    """Everything that must not leak, changed; and what was found before it was."""
    found = (os.getcwd(), os.environ.get("LEAK"), os.getpgid(0) == os.getpid(), random.random(), np.random.random())
    os.chdir(folder)
    os.environ["LEAK"] = "yes"
    return found


def mask():
    return (
        sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
        signal.getsignal(signal.SIGINT) is signal.default_int_handler,
    )


def fail():
    raise KeyError("what")


def die():
    forks.heartbeat(3)
    os.kill(os.getpid(), signal.SIGKILL)


def hang(seconds=60):
    forks.heartbeat(5)
    time.sleep(seconds)


def fill():
    blocks = []
    while True:
        blocks.append(bytearray(2**24))


def detach(path):
    """Start a process that leaves session, group and parent behind; then go on, hang or die as ``path`` says."""
    script = f"setsid sh -c 'echo $$ > {path}.tmp; mv {path}.tmp {path}; sleep 60' & exit"
    subprocess.run(["sh", "-c", script], check=True)
    while not os.path.exists(path):
        time.sleep(0.01)
    forks.heartbeat(1)
    if path.endswith("hang"):
        time.sleep(60)
    if path.endswith("die"):
        os.kill(os.getpid(), signal.SIGKILL)


def results(function, tasks, **options):
    return {number: result for number, _, result in forks.run(function, tasks, **options)}


def gone(pid):
    """Whether a process has ended, given a moment to do so."""
    for _ in range(50):
        try:
            with open(f"/proc/{pid}/stat") as handle:
                if handle.read().split(")")[1].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.1)
    return False


def test_each_call_is_answered_under_its_number():
    assert results(double, [(n,) for n in range(5)], jobs=2) == {0: 0, 1: 2, 2: 4, 3: 6, 4: 8}


def test_nothing_leaks_from_one_call_to_the_next(tmp_path):
    first, second = results(world, [(str(tmp_path),)] * 2, jobs=1).values()
    assert first[:3] == second[:3] == (os.getcwd(), None, True)
    assert first[3] != second[3]
    assert first[4] != second[4]


def test_a_call_has_the_signals_of_a_fresh_process():
    assert results(mask, [()]) == {0: ([], True)}


def test_the_environment_is_that_of_the_caller_now_not_that_of_the_helper_then(monkeypatch):
    monkeypatch.setenv("LEAK", "set after the helper began")
    assert results(os.getenv, [("LEAK",)]) == {0: "set after the helper began"}


def test_what_a_call_raises_comes_back_as_its_result():
    assert repr(results(fail, [()])[0]) == "KeyError('what')"


def test_a_call_whose_process_dies_is_told_apart_from_one_that_fails():
    lost = results(die, [()])[0]
    assert (lost.step, str(lost)) == (3, "its process was killed by SIGKILL")


def test_a_call_that_hangs_is_stopped_and_the_others_go_on():
    found = {n: str(r) for n, _, r in forks.run(hang, [(60,), (0,)], jobs=2, patience=1)}
    assert found == {0: "timed out after 1 seconds", 1: "None"}


def test_a_call_that_fills_the_memory_is_refused_more():
    assert isinstance(results(fill, [()], memory=2**30)[0], MemoryError)


def test_leaving_early_ends_what_still_runs(tmp_path):
    calls = forks.run(tell_and_hang, [(str(tmp_path / "a"), 60), (str(tmp_path / "b"), 0)], jobs=2)
    assert next(calls)[0] == 1
    while not (tmp_path / "a").exists():
        time.sleep(0.05)
    calls.close()
    fork, _, grandchild = map(int, (tmp_path / "a").read_text().split())
    assert gone(fork)
    assert gone(grandchild)


@pytest.mark.parametrize("ending", ["return", "hang"])
def test_what_a_call_has_detached_ends_with_it(tmp_path, ending):
    path = str(tmp_path / ending)
    list(forks.run(detach, [(path,)], patience=1))
    assert gone(int((tmp_path / ending).read_text()))


@pytest.mark.parametrize(("ending", "number"), [("die", None), ("hang", signal.SIGKILL), ("hang", signal.SIGINT)])
def test_what_a_call_has_detached_ends_with_the_caller_at_the_latest(tmp_path, interruptible, ending, number):
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(here=os.path.dirname(__file__)).replace("tell_and_hang", "detach"))
    path = tmp_path / ending
    parent = subprocess.Popen([sys.executable, str(script), str(path)], stderr=subprocess.PIPE, text=True)
    while not path.exists():
        assert parent.poll() is None
        time.sleep(0.05)
    if number:
        parent.send_signal(number)
    said = parent.communicate(timeout=20)[1]
    assert gone(int(path.read_text()))
    assert "unexpected pid" not in said


def test_where_the_system_allows_less_memory_than_the_limit_calls_get_that(tmp_path):
    code = (
        "import resource\n"
        "from warmkernel import forks\n"
        "import test_forks\n"
        "if __name__ == '__main__':\n"
        "    resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))\n"
        "    print([result for _, _, result in forks.run(test_forks.limit, [()])])\n"
    )
    script = tmp_path / "limited.py"
    script.write_text(code)
    environment = os.environ | {"PYTHONPATH": os.path.dirname(__file__)} | forks.ONE_THREAD
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout == f"[{2**30}]\n", done.stderr


def limit():
    return resource.getrlimit(resource.RLIMIT_AS)[0]


def test_the_socket_of_the_helper_lies_where_the_caller_says(tmp_path):
    code = (
        "import multiprocessing.util, os, sys\n"
        "from warmkernel import forks\n"
        "if __name__ == '__main__':\n"
        "    forks.warm([], sys.argv[1])\n"
        "    print(os.path.dirname(multiprocessing.util.get_temp_dir()))\n"
    )
    for folder in (tmp_path, tmp_path / ("long" * 20)):
        folder.mkdir(exist_ok=True)
        run = [sys.executable, "-c", code, str(folder)]
        said = subprocess.run(run, capture_output=True, text=True, timeout=60, check=True).stdout.strip()
        assert said == (str(folder) if len(str(folder)) <= forks.LONGEST_SOCKET_FOLDER else tempfile.gettempdir())


PARENT = """
import os, sys
from warmkernel import forks
sys.path.insert(0, {here!r})
import test_forks

if __name__ == "__main__":
    forks.warm(["numpy"])
    for _ in forks.run(test_forks.tell_and_hang, [(sys.argv[1],)], jobs=1):
        pass
"""


def tell_and_hang(path, seconds=60):
    child = subprocess.Popen(["sleep", "60"])  # what a cell started goes with it
    with open(f"{path}.tmp", "w") as handle:
        handle.write(f"{os.getpid()} {os.getppid()} {child.pid}")
    os.rename(f"{path}.tmp", path)
    time.sleep(seconds)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
def test_a_call_and_the_helper_end_with_the_caller(tmp_path, interruptible, number):
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(here=os.path.dirname(__file__)))
    parent = subprocess.Popen([sys.executable, str(script), str(tmp_path / "pids")], stderr=subprocess.DEVNULL)
    while not (tmp_path / "pids").exists():
        assert parent.poll() is None
        time.sleep(0.05)
    fork, helper, grandchild = map(int, (tmp_path / "pids").read_text().split())
    began = time.monotonic()
    parent.send_signal(number)
    parent.wait()
    stopped = time.monotonic() - began
    assert gone(fork)
    assert gone(helper)
    if number == signal.SIGINT:
        assert gone(grandchild)
        assert stopped < 10
    else:
        subprocess.run(["kill", str(grandchild)], check=False)


def test_the_helper_starts_no_thread():
    ((count, modules),) = results(threads_of_the_parent, [()]).values()
    assert count == 1
    assert modules


def threads_of_the_parent():
    with open(f"/proc/{os.getppid()}/status") as handle:
        count = next(int(line.split()[1]) for line in handle if line.startswith("Threads:"))
    return count, "numpy" in sys.modules


@pytest.mark.parametrize("forked", [True, False], ids=["forked", "afresh"])
def test_processes_started_afresh_do_the_same(forked):
    found = results(double, [(1,), (2,)], jobs=2, forked=forked)
    assert found == {0: 2, 1: 4}


def test_a_process_that_may_not_be_killed_is_left_and_not_asked_for_ever(monkeypatch):
    def refused(pid, number):
        raise PermissionError

    monkeypatch.setattr(processes, "descendants", lambda pid: {1})
    monkeypatch.setattr(os, "kill", refused)
    processes.end_descendants(os.getpid())
