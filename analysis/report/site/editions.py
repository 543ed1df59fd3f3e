"""The list of editions: each day or set of parameters for which the report was built, with its numbers, and the
countries whose position has changed since.

It lies in the folder of the editions, which the manifest of the report beside it does not cover, so that an edition can be
added without building the others again.

Typical use::

    editions.write(paths.EDITIONS, pages)
"""

import json
import os
from pathlib import Path

from analysis.report.site.pages import Pages
from analysis.values import countries, dates
from analysis.views import positions
from analysis.views.parameters import Parameters

UNFINISHED = "index.html.part"
CHOICES = {
    "region_scheme": "regions: {}",
    "programme": "programme: {}",
    "min_origins": "at least {} independent origins",
    "country": "brief of {}",
}  # what an edition can differ in beside its day, in words
NUMBERS = {
    "countries_reported": "Countries with a position",
    "countries_agreed": "Agreed or further",
    "countries_received": "Received people",
    "people_at_least": "People, at least",
    "usd_paid": "US dollars paid",
}


def listed(folder: Path) -> list[dict]:
    """One dict per report in ``folder``'s parent, which is the newest, and in ``folder``.

    Keys: ``href``, ``newest``, ``as_of``, ``chosen`` (what differs from the defaults, in words), ``numbers``, and ``moved``:
    the countries whose position is another one in the newest report, from :func:`moved`; none where there is no such report,
    or where the edition differs from it in more than its day.
    """
    found = []
    newest: dict[str, str] | None = None
    for report in [folder.parent, *sorted(path for path in folder.glob("*") if path.is_dir())]:
        try:
            manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
            numbers = json.loads((report / "data" / "answers.json").read_text(encoding="utf-8"))
            published = json.loads((report / "data" / "api" / "v1" / "index.json").read_text(encoding="utf-8"))
            steps = {one["iso3"]: one["furthest_step"] or "" for one in published["countries"]}
        except (OSError, ValueError, KeyError):
            continue  # not a report, or one of an older form
        newest = steps if report == folder.parent else newest
        chosen = Parameters(**manifest["parameters"]).changed()
        found.append(
            {
                "href": f"{'..' if report == folder.parent else report.name}/index.html",
                "newest": report == folder.parent,
                "as_of": dates.show_day(dates.parse(manifest["as_of"]).latest),
                "chosen": "; ".join(CHOICES[name].format(value) for name, value in chosen.items() if name in CHOICES),
                "numbers": [numbers.get(name, {}).get("value") for name in NUMBERS],
                "moved": moved(steps, newest) if newest is not None and not chosen.keys() - {"as_of"} else [],
            }
        )
    return found


def moved(before: dict[str, str], after: dict[str, str]) -> list[dict]:
    """The countries that stand elsewhere ``after`` than ``before`` (code → furthest step, blank without one), by name."""
    codes = sorted({*before, *after}, key=countries.name)
    pairs = [(code, before.get(code, ""), after.get(code, "")) for code in codes]
    return [
        {"code": code, "name": countries.name(code), "before": _step(old), "after": _step(new)}
        for code, old, new in pairs
        if old != new
    ]


def _step(code: str) -> str:
    return positions.label(code) if code else "not reported"


def write(folder: Path, pages: Pages) -> None:
    """Write ``index.html`` into the folder of the editions, in one step; ``pages`` is the frame of the report above it."""
    folder.mkdir(parents=True, exist_ok=True)
    body = pages.render("editions.html.j2", editions=listed(folder), labels=list(NUMBERS.values()))
    pages.write(f"{folder.name}/{UNFINISHED}", "Editions", body, (("index.html", "Overview"),))
    os.replace(folder / UNFINISHED, folder / "index.html")
