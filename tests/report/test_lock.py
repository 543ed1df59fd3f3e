import subprocess
import sys
import threading
import time

import pytest

from analysis.report import lock
from analysis.values import paths

HOLDER = """
import sys, time
from pathlib import Path
from analysis.report import lock
from analysis.values import paths
paths.BUILD = Path(sys.argv[1])
with lock.held():
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def build_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "BUILD", tmp_path)
    return tmp_path


@pytest.fixture
def holder(build_folder):
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(build_folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_build_says_who_holds_the_lock_and_waits(holder):
    told = []

    def wait(name):
        told.append(name)
        threading.Timer(0.3, holder.kill).start()

    began = time.monotonic()
    with lock.held(wait):
        assert time.monotonic() - began > 0.2
    assert told == [f"process {holder.pid}"]


def test_a_lock_whose_holder_was_killed_is_free_and_recognised(holder):
    holder.kill()
    holder.wait()
    told = []
    with lock.held(told.append) as cut_off:
        assert cut_off
    assert told == []


def test_a_lock_that_was_given_back_leaves_nothing():
    with lock.held() as cut_off:
        assert not cut_off
    with lock.held() as cut_off:
        assert not cut_off
