"""How long it takes from saving a file until the page that is open is new: ``make preview`` against running a notebook by hand.

``python benchmarks/preview.py`` prints one table: medians of five rounds in which every way takes its turn, in a copy of the
project. Time begins with the save, and ends when the page has been fetched as it now is. The other ways run the notebook of
that page alone, which is less than the page.

Jupyter Book takes part where version 2 of it is on the PATH, with the Jupyter server that comes with it (``pip install
jupyter-book`` in an environment of its own). It serves the notebook's content without a theme, follows the notebook and runs it
again where its code has changed; a claim that is saved it does not see. Quarto's package fetches the program while it is being
installed, from outside the registries: it is not compared.
"""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from rebuild import project

from analysis.values import paths

ROUNDS = 5
COUNTRY, QUESTION = "countries/RWA.html", "01_countries_by_region.html"
SENTENCE = "By {day}, sources had"  # in a cell of that notebook, and what it shows
WORDING = "seven third country nationals arrived in Rwanda in"  # of a claim about that country
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Open:
    """A page of the preview that is open: what a browser is told of it, and what it fetches."""

    def __init__(self, address: str, page: str) -> None:
        self.place, self.page = urlsplit(address), page
        self.connection = http.client.HTTPConnection(self.place.hostname, self.place.port)
        self.connection.request("GET", f"{self.place.path}.preview/events?page={page}")
        self.events = self.connection.getresponse()
        self.wait("done")

    def wait(self, kind: str, words: str = "") -> None:
        """Until it is told this, in these words."""
        for line in self.events:
            if line.startswith(f"event: {kind}".encode()) and words.encode() in next(self.events):
                return
        raise AssertionError("the preview has ended")

    def fetch(self) -> str:
        """The page as it is now."""
        with contextlib.closing(http.client.HTTPConnection(self.place.hostname, self.place.port)) as connection:
            connection.request("GET", f"{self.place.path}{self.page}")
            return connection.getresponse().read().decode("utf-8")


def saved(address: str, page: str, path: Path, old: str, new: str) -> float:
    """Seconds from saving ``new`` in place of ``old`` until the open page shows it; waits until all is built, and restores."""
    before, opened = path.read_text(encoding="utf-8"), Open(address, page)
    began = time.perf_counter()
    put(path, old, new)
    opened.wait("reload")
    assert new.partition("{")[0] in opened.fetch()
    taken = time.perf_counter() - began
    opened.wait("done")
    path.write_text(before, encoding="utf-8")
    opened.wait("done")
    opened.connection.close()
    return taken


def put(path: Path, old: str, new: str) -> None:
    """Save ``new`` in place of ``old``."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def mistaken(address: str, path: Path) -> float:
    """Seconds from saving a mistake until an open page is told of it."""
    before, opened = path.read_text(encoding="utf-8"), Open(address, COUNTRY)
    began = time.perf_counter()
    path.write_text(before.replace(",received,", ",arrived,", 1), encoding="utf-8")
    opened.wait("problems", "arrived")
    taken = time.perf_counter() - began
    path.write_text(before, encoding="utf-8")
    opened.wait("done")
    opened.connection.close()
    return taken


def by_hand(folder: Path, *commands: str) -> float:
    """Seconds that commands take one after the other."""
    began = time.perf_counter()
    for command in commands:
        words = [sys.executable, "-m", *command.split()]
        subprocess.run(
            words, cwd=folder / "notebooks", env=os.environ | {"PYTHONPATH": str(folder)}, check=True, **QUIET
        )
    return time.perf_counter() - began


class Book:
    """Jupyter Book, which serves one notebook and follows it."""

    SETTINGS = "version: 1\nproject: {toc: [{file: %s.ipynb}]}\nsite: {template: ./theme}\n"

    def __init__(self, folder: Path, notebook: Path) -> None:
        folder.mkdir()
        self.folder, self.notebook = folder, folder / notebook.name
        shutil.copyfile(notebook, self.notebook)
        (folder / "myst.yml").write_text(self.SETTINGS % notebook.stem)
        (folder / "theme").mkdir()
        (folder / "theme" / "template.yml").write_text("jtex: v1\ntitle: none\n")
        kernel = folder / "jupyter" / "kernels" / "python3"
        kernel.mkdir(parents=True)
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        (kernel / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "", "language": "python"}))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        own = os.environ | {"JUPYTER_PATH": str(folder / "jupyter"), "PYTHONPATH": str(paths.PROJECT)}
        own |= {"JUPYTER_BASE_URL": f"http://127.0.0.1:{port}", "JUPYTER_TOKEN": "bench"}
        server = ["jupyter", "server", "--allow-root", "--no-browser", f"--port={port}", "--ServerApp.token=bench"]
        self.processes = [subprocess.Popen(server, cwd=folder, env=own, **QUIET)]
        while socket.socket().connect_ex(("127.0.0.1", int(port))):
            time.sleep(0.1)
        follow = ["jupyter-book", "start", "--headless", "--execute"]
        self.processes.append(subprocess.Popen(follow, cwd=folder, env=own, **QUIET))
        self.wait("sources had")

    def wait(self, words: str) -> None:
        """Until the content that it serves has these words."""
        content = self.folder / "_build" / "site" / "content" / "index.json"
        while not (content.is_file() and words in content.read_text(encoding="utf-8")):
            time.sleep(0.02)

    def saved(self, new: str) -> float:
        """Seconds from saving ``new`` in the notebook's sentence until it is served."""
        before = self.notebook.read_text(encoding="utf-8")
        began = time.perf_counter()
        put(self.notebook, SENTENCE, f"{new} {SENTENCE}")
        self.wait(new)
        taken = time.perf_counter() - began
        self.notebook.write_text(before, encoding="utf-8")
        self.wait("<p>By")
        return taken

    def end(self) -> None:
        """End it."""
        for process in reversed(self.processes):
            process.terminate()
            process.wait()


def measured(folder: Path, address: str, number: int, book: Book | None) -> dict[str, tuple[float | None, ...]]:
    """Seconds of each way, in one round."""
    steps, first = folder / "data" / "steps.csv", folder / "notebooks" / "01_countries_by_region.ipynb"
    run = "nbconvert --execute --to html --output-dir ../.build/by-hand"
    mill = "papermill --no-progress-bar {0}.ipynb ../{0}.ipynb"
    brief, question = "country_brief", first.stem
    found: dict[str, tuple[float | None, ...]] = {
        "`make preview`": (
            saved(address, COUNTRY, steps, WORDING, f"seven arrived in round {number}"),
            saved(address, QUESTION, first, SENTENCE, f"Round {number}: by {{day}}, sources had"),
            mistaken(address, steps),
        ),
        "`jupyter nbconvert --execute`": (
            by_hand(folder, f"{run} {brief}.ipynb"),
            by_hand(folder, f"{run} {question}.ipynb"),
        ),
        "papermill, then nbconvert": tuple(
            by_hand(folder, mill.format(name), f"nbconvert --to html ../{name}.ipynb") for name in (brief, question)
        ),
    }
    if book is not None:
        found["`jupyter-book start`, content alone"] = (None, book.saved(f"Round {number}:"))
    return found


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as place:
        folder = project(Path(place) / "project")
        command = [sys.executable, "-m", "analysis", "preview"]
        own = os.environ | {"PYTHONPATH": str(folder)}
        running = subprocess.Popen(command, cwd=folder, env=own, stdout=subprocess.PIPE, text=True)
        address = next(line.split()[-1] for line in running.stdout if line.startswith("preview: "))
        threading.Thread(target=running.stdout.read, daemon=True).start()
        book = None
        if shutil.which("jupyter-book"):
            book = Book(Path(place) / "book", folder / "notebooks" / "01_countries_by_region.ipynb")
        rounds = [measured(folder, address, number, book) for number in range(ROUNDS)]
        if book is not None:
            book.end()
        running.send_signal(signal.SIGINT)
        running.wait()
    print("| From the save to the page, s | a claim | a notebook's cell | a mistake is said |")
    print("|---|---|---|---|")
    for way in rounds[0]:
        columns = list(zip(*(one[way] for one in rounds), strict=True))
        cells = ["" if None in times else f"{statistics.median(times):.1f}" for times in columns]
        print(f"| {way} | {' | '.join(cells + [''] * (3 - len(cells)))} |")


if __name__ == "__main__":
    main()
