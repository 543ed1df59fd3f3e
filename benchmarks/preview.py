"""How long it takes from saving a file until the page that is open is new: ``make preview`` against running a notebook by hand.

``python benchmarks/preview.py`` prints one table: medians of five rounds in which every way takes its turn, in a copy of the
project. Time begins with the save, and ends when the page has been fetched as it now is. The other ways run the notebook of
that page alone and write it as HTML, which is less than the page.
"""

import contextlib
import http.client
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from rebuild import project

ROUNDS = 5
COUNTRY, QUESTION = "countries/RWA.html", "01_countries_by_region.html"
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
    assert old in before
    began = time.perf_counter()
    path.write_text(before.replace(old, new, 1), encoding="utf-8")
    opened.wait("reload")
    assert new.removeprefix("# ") in opened.fetch()
    taken = time.perf_counter() - began
    opened.wait("done")
    path.write_text(before, encoding="utf-8")
    opened.wait("done")
    opened.connection.close()
    return taken


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


def measured(folder: Path, address: str, number: int) -> dict[str, float]:
    """Seconds of each way, in one round."""
    steps, first = folder / "data" / "steps.csv", folder / "notebooks" / "01_countries_by_region.ipynb"
    run = "nbconvert --execute --to html --output-dir ../.build/by-hand"
    mill = "papermill --no-progress-bar {0}.ipynb ../{0}.ipynb"
    found = {
        "make preview": (
            saved(address, COUNTRY, steps, WORDING, f"seven arrived in round {number}"),
            saved(address, QUESTION, first, "# How many", f"# In round {number}, how many"),
            mistaken(address, steps),
        )
    }
    brief, question = "country_brief", "01_countries_by_region"
    found["jupyter nbconvert --execute"] = (
        by_hand(folder, f"{run} {brief}.ipynb"),
        by_hand(folder, f"{run} {question}.ipynb"),
    )
    found["papermill, then nbconvert"] = tuple(
        by_hand(folder, mill.format(name), f"nbconvert --to html ../{name}.ipynb") for name in (brief, question)
    )
    return found


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as place:
        folder = project(Path(place) / "project")
        command = [sys.executable, "-m", "analysis", "preview"]
        own = os.environ | {"PYTHONPATH": str(folder)}
        running = subprocess.Popen(command, cwd=folder, env=own, stdout=subprocess.PIPE, text=True)
        address = running.stdout.readline().split()[-1]
        threading.Thread(target=running.stdout.read, daemon=True).start()
        rounds = [measured(folder, address, number) for number in range(ROUNDS)]
        running.send_signal(signal.SIGINT)
        running.wait()
    print("| From the save to the page, s | a claim | a notebook's cell | a mistake is said |")
    print("|---|---|---|---|")
    for way in rounds[0]:
        medians = [statistics.median(times) for times in zip(*(one[way] for one in rounds), strict=True)]
        cells = [f"{median:.1f}" for median in medians] + [""] * (3 - len(medians))
        print(f"| {way} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
