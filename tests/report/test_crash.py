"""Whatever happens to a build, the published report is whole, old or new, and the next `make report` succeeds.

Builds a small project (``small_project``) in a folder, with commands in processes of their own and a temporary directory of
its own, in which nothing may be left. ``KILLS`` says how many builds are killed at random moments, ``SAVES`` during how many
files are saved: two and one here, 100 and 50 by `make torture`.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from small_project import NAMESPACE, Project, built

from warmkernel import forks

KILLS, SAVES = int(os.environ.get("KILLS", "2")), int(os.environ.get("SAVES", "1"))
pytestmark = pytest.mark.skipif(not forks.possible(), reason="the small project is built with warm runs")


@pytest.fixture(scope="module")
def plain():
    with built() as project:
        yield project


@pytest.fixture
def project(plain):
    with tempfile.TemporaryDirectory(prefix="p") as folder:
        shutil.copytree(plain.folder, folder, dirs_exist_ok=True)
        made = Project(Path(folder))
        yield made
        assert list(made.temporary.iterdir()) == []


def fails_and_recovers(project, message, timeout=60, **options):
    """A build that fails with one line and leaves what was published; then one that succeeds."""
    before = project.published()
    project.say("what the next report will say")
    done = project.report(f"TIMEOUT={timeout}", **options)
    assert done.returncode == 1, done.stdout
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert project.published() == before
    for path in (project.folder / "notebooks").glob("02_*"):
        path.unlink()
    done = project.report()
    assert done.returncode == 0, done.stderr
    assert project.published() != before
    assert not list((project.folder / ".build").glob("report-*"))


@pytest.mark.slow
def test_every_way_of_building_gives_the_same_bytes(project):
    first = project.published()
    for words in (["FORCE=1", "JOBS=1"], ["FORCE=1", "JOBS=3"], ["FORCE=1", "WARM=0"], []):
        shutil.rmtree(project.folder / "reports")
        done = project.report(*words)
        assert done.returncode == 0, done.stderr
        assert ("4 reused" in done.stdout) == (words == [])
        assert project.published() == first, words


def test_a_ledger_with_problems_is_told_without_a_traceback(project):
    before = project.published()
    path = project.folder / "data" / "steps.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("asserts", "maybe"), encoding="utf-8")
    done = project.report()
    assert done.returncode == 1
    assert {line.partition(":")[0] for line in done.stderr.splitlines()[:-1]} == {"data/steps.csv"}
    assert done.stderr.endswith("problems in the ledger; nothing was written\n")
    assert project.published() == before


def test_builds_killed_at_random_moments_leave_a_whole_report(project):
    rng = random.Random(2025)
    began = time.monotonic()
    project.say("one")
    assert project.report().returncode == 0
    took = time.monotonic() - began
    known = [project.published()]
    for number in range(KILLS):
        project.say(f"kill {number}")
        build = subprocess.Popen(
            project.command(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **project.options()
        )
        time.sleep(rng.uniform(0, took))
        build.send_signal(signal.SIGKILL)
        build.communicate()
        left = project.published()
        done = project.report()
        assert done.returncode == 0, done.stderr
        new = project.published()
        assert left in (known[-1], new)
        assert new != known[-1]
        known.append(new)
    print(f"{KILLS} builds killed")


def test_files_saved_at_random_moments_never_make_a_mixture_nor_poison_what_is_kept(project):
    rng = random.Random(2026)
    steps = project.folder / "data" / "steps.csv"
    began = time.monotonic()
    project.say("saved 0 before")
    assert project.report().returncode == 0
    took = time.monotonic() - began
    for number in range(1, SAVES + 1):
        project.say(f"saved {number} before")
        before = steps.read_bytes()
        piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        build = subprocess.Popen(project.command(), **piped, **project.options())
        time.sleep(rng.uniform(0, took))
        project.say(f"saved {number} meanwhile")
        if rng.random() < 0.5:
            time.sleep(rng.uniform(0, 0.5))
            steps.write_bytes(before)
        _, stderr = build.communicate(timeout=240)
        assert build.returncode == 0 or "was saved while it was being read" in stderr, stderr
        assert "Traceback" not in stderr
        project.published()
        assert len(project.said()) == 1
        assert project.report().returncode == 0
        from_what_is_kept = project.published()
        assert project.said() == set(re.findall(r"saved \d+ \w+", steps.read_text(encoding="utf-8")))
        assert project.report("FORCE=1").returncode == 0
        assert project.published() == from_what_is_kept
    print(f"files saved during {SAVES} builds")


@pytest.mark.parametrize("when", ["while the helper imports", "while a notebook runs"])
def test_ctrl_c_stops_a_build_at_once_and_leaves_nothing_running(project, interruptible, when):
    before = project.published()
    running = project.folder / "running"
    project.notebook(f"open({str(running)!r}, 'w').close(); import time; time.sleep(60)")
    piped = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    build = subprocess.Popen(project.command(), start_new_session=True, **piped, **project.options())
    deadline = time.monotonic() + 60
    while (not running.exists()) if when == "while a notebook runs" else len(_of(build.pid)) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    began = time.monotonic()
    os.killpg(build.pid, signal.SIGINT)
    stderr = build.communicate()[1]
    assert time.monotonic() - began < 1
    assert stderr == "stopped; what was published before is as it was\n"
    time.sleep(0.2)
    assert _of(build.pid) == []
    assert project.published() == before


def _of(session):
    """The processes of a session that live, whatever their process group."""
    done = subprocess.run(["ps", "-o", "pid=,stat=", "-s", str(session)], capture_output=True, text=True, check=False)
    return [line for line in done.stdout.splitlines() if "Z" not in line]


def test_two_builds_at_once_do_not_mix(project):
    project.say("both")
    builds = [
        subprocess.Popen(
            project.command("FORCE=1"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **project.options(),
        )
        for _ in range(2)
    ]
    said = [build.communicate()[1] for build in builds]
    assert [build.returncode for build in builds] == [0, 0]
    assert sum("another build is running (process " in text for text in said) == 1
    assert project.published()


@pytest.fixture
def mounts():
    """Skip where no file system can be mounted in a namespace of one's own."""
    try:
        if subprocess.run([*NAMESPACE, "mount -t tmpfs none /mnt"], capture_output=True, check=False).returncode:
            pytest.skip("file systems cannot be mounted here")
    except FileNotFoundError:
        pytest.skip("file systems cannot be mounted here")


@pytest.mark.parametrize("where", ["disk full", "read-only reports"])
def test_a_disk_that_refuses(project, mounts, where):
    if where == "disk full":
        within = "mount -t tmpfs -o size=300k none .build"
        fails_and_recovers(project, "No space left on device", within=within)
    else:
        within = "mount --bind reports reports && mount -o remount,bind,ro reports"
        fails_and_recovers(project, "what was published before is as it was", within=within)


def test_reports_that_are_a_mount_point_are_published_within_it(project, mounts):
    project.say("saved 1 there")
    twice = (
        '"$0" -m analysis report && "$0" -m analysis report && "$0" -m analysis report MIN_ORIGINS=2 && ls -A reports'
    )
    shell = f"mkdir -p other && mount -t tmpfs none reports && touch reports/CNAME && {twice}"
    command = [*NAMESPACE, shell, sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, **project.options())
    assert done.returncode == 0, done.stderr
    assert "nothing has changed" in done.stdout
    assert {"CNAME", "index.html", "manifest.json", "editions"} <= set(done.stdout.splitlines())
    assert not {".arriving", ".arrived", ".leaving"} & set(done.stdout.splitlines())


def test_a_temporary_directory_that_is_full_is_not_needed(project, mounts):
    before = project.published()
    within = 'mount -t tmpfs -o size=4k none "$TMPDIR" && (cat /dev/zero >"$TMPDIR/full" 2>/dev/null; true)'
    done = project.report("FORCE=1", within=within)
    assert done.returncode == 0, done.stderr
    assert project.published() == before


def test_a_user_who_is_not_root_and_has_no_network_builds_the_same(project):
    alone = ["unshare", "--user", "--net"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no namespaces can be made here")
    before = project.published()
    command = [*alone, *project.command("FORCE=1")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, **project.options())
    assert done.returncode == 0, done.stderr
    assert project.published() == before


def test_files_of_others_in_the_report_stay(project):
    others = {
        "CNAME": "example.org\n",
        ".git": "gitdir: elsewhere\n",
        "notes/mine.txt": "mine\n",
        "tables/mine.csv": "a\n",
    }
    for name, text in others.items():
        path = project.folder / "reports" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    project.say("saved 1 beside them")
    assert project.report().returncode == 0
    assert project.said() == {"saved 1 beside"}
    found = project.published()
    assert {name: found[name].decode() for name in others} == others


def test_a_notebook_that_hangs_is_named_with_its_cell(project):
    project.notebook("while True: pass")
    fails_and_recovers(project, "notebook 02_extra.ipynb, cell 2: timed out after 3 seconds", timeout=3)


@pytest.mark.slow
def test_a_notebook_that_fills_the_memory_is_named_with_its_cell(project):
    project.notebook("blocks = []\nwhile True: blocks.append(bytearray(2**27))")
    done = project.report("WARM=0")
    assert "notebook 02_extra.ipynb, cell 2: MemoryError" in done.stderr
    fails_and_recovers(project, "notebook 02_extra.ipynb, cell 2: MemoryError")


@pytest.mark.slow
def test_a_notebook_that_writes_to_stderr_is_named_with_its_cell(project):
    project.notebook("import sys; print('look here', file=sys.stderr)")
    fails_and_recovers(project, "notebook 02_extra.ipynb, cell 2: wrote to stderr: look here")


def test_a_notebook_that_kills_its_process_is_named_with_its_cell(project):
    project.notebook("import os; os.kill(os.getpid(), 9)")
    fails_and_recovers(project, "notebook 02_extra.ipynb, cell 2: its process was killed by SIGKILL")
