"""The list of editions: each day or set of parameters for which the report was built, with its numbers beside one another.

It lies in the folder of the editions, which the manifest of the report beside it does not cover, so that an edition can be
added without building the others again.

Typical use::

    editions.write(paths.EDITIONS, pages)
"""

import json
import os
from pathlib import Path

from analysis.report.site.pages import Pages
from analysis.values import dates

UNFINISHED = "index.html.part"
NUMBERS = ("countries_reported", "countries_agreed", "countries_received", "people_at_least", "usd_paid")


def listed(folder: Path) -> list[dict]:
    """One dict per report in ``folder``'s parent and in ``folder``: ``href``, ``as_of``, ``changed`` (words), ``numbers``."""
    found = []
    for report in [folder.parent, *sorted(path for path in folder.glob("*") if path.is_dir())]:
        try:
            manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
            numbers = json.loads((report / "data" / "answers.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # not a report, or one of an older form
        newest = report == folder.parent
        words = [
            f"{name.replace('_', ' ')}: {value}" for name, value in manifest["parameters"].items() if name != "country"
        ]
        found.append(
            {
                "href": f"{'..' if newest else report.name}/index.html",
                "changes": f"../changes/{manifest['as_of'][:7]}.html",
                "newest": newest,
                "as_of": dates.show_day(dates.parse(manifest["as_of"]).latest),
                "parameters": "; ".join(words),
                "numbers": [numbers.get(name, {}) for name in NUMBERS],
            }
        )
    return found


def write(folder: Path, pages: Pages) -> None:
    """Write ``index.html`` into the folder of the editions, in one step; ``pages`` is the frame of the report above it."""
    folder.mkdir(parents=True, exist_ok=True)
    body = pages.render("editions.html.j2", editions=listed(folder))
    pages.write(f"{folder.name}/{UNFINISHED}", "Editions", body, (("index.html", "Overview"),))
    os.replace(folder / UNFINISHED, folder / "index.html")
