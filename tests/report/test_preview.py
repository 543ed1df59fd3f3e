"""The preview: what is saved is seen, what is wrong is said, only this machine is answered, and nothing is left behind."""

import contextlib
import errno
import http.client
import http.server
import multiprocessing
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from small_project import Project

from analysis.ledger import checks
from analysis.report import notebooks, preview
from analysis.report.preview import checker, server
from analysis.report.preview.server import Server
from analysis.values import paths
from warmkernel import forks, processes

pytest.importorskip("watchfiles", reason="the extra preview is not installed")
pytestmark = pytest.mark.skipif(not forks.possible(), reason="the preview is tried where notebooks can be forked")
SOAK = int(os.environ.get("SOAK", "3"))  # saves in a row; 500 by `make torture`
PAGE = "countries/SSD.html"
PATIENCE = 120  # seconds; a slow machine is no failure


def until(holds, otherwise, said=()):
    for _ in range(PATIENCE * 20):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("\n".join([otherwise, *said]))


class Preview:
    """A preview of a small project, in a process of its own."""

    def __init__(self, project):
        self.project = project
        command = [project.python, "-m", "analysis", "preview", "PORT=65535"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **project.options()
        )
        self.address = next(line.split()[-1] for line in self.process.stdout if line.startswith("preview: "))
        self.lines = [self.address]
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        with self.process.stdout as lines:
            for line in lines:
                self.lines.append(line.rstrip())

    def said(self, words, times=1):
        """Wait until the terminal has said these words so many times."""
        until(lambda: sum(words in line for line in self.lines) >= times, f"not said: {words}", self.lines)

    def ask(self, path, method="GET", **headers):
        """(status, text) of a request to the preview's port; ``path`` begins at the port."""
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=PATIENCE)
        connection.request(method, path, headers=headers)
        with contextlib.closing(connection):
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")

    def page(self, name):
        return self.ask(f"{urlsplit(self.address).path}{name}")

    def end(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        self.reader.join()
        return code


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    started = Preview(Project(tmp_path_factory.mktemp("preview")).lay_out())
    started.said("start: all pages")
    yield started
    started.end()


def test_a_saved_claim_is_seen_in_place_and_nothing_is_published(running, browser):
    page = browser.new_page(viewport={"width": 390, "height": 500})
    page.goto(f"{running.address}{PAGE}")
    page.evaluate("document.querySelectorAll('details')[0].open = true")
    page.evaluate("scrollTo(0, 700)")
    running.project.say("saved in the preview")
    page.get_by_text("saved in the preview").first.wait_for(state="attached", timeout=PATIENCE * 1000)
    until(lambda: page.evaluate("scrollY") == 700, "the page is not where it was")
    assert page.evaluate("document.querySelectorAll('details')[0].open")
    assert not (running.project.folder / "reports").exists()


def test_a_saved_cell_is_seen(running, browser):
    page = browser.new_page()
    page.goto(f"{running.address}01_countries_by_region.html")
    path = running.project.folder / "notebooks" / "01_countries_by_region.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace('"# ', '"# Now: ', 1), encoding="utf-8")
    page.get_by_role("heading", name="Now:").wait_for(timeout=PATIENCE * 1000)


def test_a_problem_stands_above_the_last_good_page_until_it_is_mended(running, browser):
    page = browser.new_page()
    page.goto(f"{running.address}{PAGE}")
    steps = running.project.folder / "data" / "steps.csv"
    good = steps.read_text(encoding="utf-8")
    steps.write_text(good.replace(",received,", ",arrived,", 1), encoding="utf-8")
    problem = page.locator("#preview li").first
    problem.wait_for(timeout=PATIENCE * 1000)
    assert "steps.csv:" in problem.inner_text()
    assert 'column "step": value "arrived": rule: one of named, asked,' in problem.inner_text()
    assert 'fix: did you mean "received"?' in problem.inner_text()
    assert page.get_by_role("heading", name="South Sudan").count() == 1
    steps.write_text(good, encoding="utf-8")
    page.locator("#preview").wait_for(state="hidden", timeout=PATIENCE * 1000)


def test_what_cannot_be_read_at_all_is_said_as_make_check_says_it(running):
    steps = running.project.folder / "data" / "steps.csv"
    good = steps.read_text(encoding="utf-8")
    steps.write_text(good.replace("stance", "stanze", 1), encoding="utf-8")
    running.said(
        'data/steps.csv:1: column "stance": value "": rule: every column of the codebook is there; fix: add it'
    )
    steps.write_text(good, encoding="utf-8")


def test_code_that_cannot_be_read_is_said_with_file_and_line(running):
    code = running.project.folder / "analysis" / "views" / "flat.py"
    good = code.read_text(encoding="utf-8")
    code.write_text(f"{good}\ndef broken(:\n", encoding="utf-8")
    running.said(f"analysis/views/flat.py:{good.count(chr(10)) + 2}: invalid syntax")
    (pages,) = (running.project.folder / ".build" / "tmp").glob("*/report")
    pages.with_name("aside").mkdir(exist_ok=True)  # as a process leaves it that is ended in the midst of a page
    code.write_text(good, encoding="utf-8")
    running.said("analysis/views/flat.py: all pages")


def test_only_the_address_with_the_token_is_answered_and_only_get(running):
    token = urlsplit(running.address).path
    assert running.page("index.html")[0] == 200
    assert running.ask("/index.html")[0] == 404
    assert running.ask(f"/wrong{token}index.html")[0] == 404
    assert running.ask(f"{token}index.html", method="POST")[0] == 501
    assert running.ask(f"{token}index.html", Host="example.org")[0] == 404
    assert running.ask(f"{token}../../../etc/passwd")[0] == 404
    assert running.address.startswith("http://127.0.0.1:")


def test_a_request_for_no_address_is_answered_and_leaves_the_terminal_alone(running):
    token = urlsplit(running.address).path
    lines = len(running.lines)
    for path in ("x", "//[", f"{token}%00.html", f"{token}%00"):
        assert running.ask(path)[0] == 404, path
    assert running.page("index.html")[0] == 200
    assert running.lines[lines:] == []


def test_a_port_that_is_taken_is_said_with_the_one_used_instead(tmp_path):
    first = Server(tmp_path, 0)
    port = int(first.host.rpartition(":")[2])
    second = Server(tmp_path, port)
    try:
        assert first.instead == ""
        assert second.instead == f"port {port} is taken; using {second.host.rpartition(':')[2]}"
    finally:
        first._http.server_close()
        second._http.server_close()


def test_a_port_that_this_user_may_not_have_is_told_apart(tmp_path, monkeypatch):
    class Refusing(http.server.ThreadingHTTPServer):
        def __init__(self, place, handler):
            if place[1] == 80:
                raise PermissionError(errno.EACCES, "Permission denied")
            super().__init__(place, handler)

    monkeypatch.setattr(server.http.server, "ThreadingHTTPServer", Refusing)
    made = Server(tmp_path, 80)
    made._http.server_close()
    assert made.instead == f"port 80 needs rights that this user does not have; using {made.host.rpartition(':')[2]}"


def test_a_page_that_is_none_says_so_and_watches_for_it(running):
    status, text = running.page("countries/ZZZ.html")
    assert status == 404
    assert "countries/ZZZ.html has not been made" in text


def test_the_ledger_is_checked_whether_the_process_for_it_lives_or_not(monkeypatch):
    monkeypatch.setattr(checks, "check", lambda: ["checked here"])
    checking = checker.Checker()
    checking.begin()
    assert checking.problems() == ["checked here"]
    notebooks.prepare()
    before = multiprocessing.active_children()
    checking.start()
    (process,) = {*multiprocessing.active_children()} - {*before}
    for _ in range(2):  # the second answer is not taken for the first
        checking.begin()
    assert checking.problems() == checking.problems() == []  # of the ledger itself, which has none
    process.kill()
    process.join()
    checking.begin()
    assert checking.problems() == ["checked here"]


def test_many_saves_leave_memory_flat_and_interrupting_leaves_no_process(tmp_path_factory):
    folder = tmp_path_factory.mktemp("soak")  # a short name: sockets lie below it
    started = Preview(Project(folder).lay_out())
    started.said("start: all pages")
    for number in range(SOAK):
        if number == SOAK // 5 + 1:
            before = memory(started.process.pid)
        started.project.say(f"saved {number} times")
        started.said("all pages", number + 2)
    assert memory(started.process.pid) < 1.2 * before
    running = processes.descendants(started.process.pid)
    assert started.end() == 0
    until(lambda: not any(alive(pid) for pid in running), "a process was left behind")
    assert list(started.project.temporary.iterdir()) == []
    assert list((folder / ".build" / "tmp").iterdir()) == []


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def memory(pid):
    """Bytes in memory of a process and all that it has started."""
    several = [pid, *processes.descendants(pid)]
    return sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in several) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("data/steps.csv", True),
        ("data/reference/places.csv", True),
        ("data/METHOD.md", True),
        ("data/LICENSE", True),
        ("data/.~lock.steps.csv#", False),
        ("data/steps.csv~", False),
        ("notebooks/01_countries_by_region.ipynb", True),
        ("notebooks/.ipynb_checkpoints/01_countries_by_region.ipynb", False),
        ("notebooks/explore/start.ipynb", False),
        ("analysis/views/flat.py", True),
        ("analysis/report/static/style.css", True),
        ("analysis/views/__pycache__/flat.cpython-311.pyc", False),
    ],
)
def test_only_what_the_report_is_made_from_is_followed(name, expected):
    assert preview.is_input(paths.PROJECT / name) == expected
