"""What became known, month by month: the page *Changes*, a page per month, and an Atom feed.

What belongs elsewhere: what differs between two days (``views.changes``), corrections of the files (``data/CHANGELOG.md``).
"""

import json
from dataclasses import dataclass

import pandas as pd

from analysis.display import text
from analysis.ledger import Ledger
from analysis.report import cache, manifest
from analysis.report.site import prose
from analysis.report.site.pages import Pages
from analysis.values import paths
from analysis.views import changes, provenance
from analysis.views.parameters import Parameters

CRUMBS = (("index.html", "Overview"), ("changes.html", "Changes"))
LAYERS = {"values", "ledger", "views", "display"}  # folders of the code that the sentences come from
# Hashed when it is imported: what is saved later is not what this process runs, and must not vouch for it.
CODE = [manifest.digest(path) for path in manifest.code() if LAYERS.intersection(path.parts)]
START = "2025-01"
FEED = 12  # months in the feed
SHOWN = 5  # changes of a month on the page of all months


@dataclass(frozen=True)
class Month:
    """A month: ``key`` (2025-05), ``name`` (May 2025), its last day, and its changes (rows of ``views.changes.found``)."""

    key: str
    name: str
    day: pd.Timestamp
    changes: list[dict]

    @property
    def groups(self) -> list[tuple[str, list[dict]]]:
        """The changes by kind, each with its heading."""
        kinds = [
            (words, [one for one in self.changes if one["kind"] == kind]) for kind, words in changes.HEADINGS.items()
        ]
        return [(words, rows) for words, rows in kinds if rows]


def by_month(ledger: Ledger, parameters: Parameters) -> list[Month]:
    """Every month from :data:`START` to the ledger's day, the oldest first.

    They are kept between builds, since they take some seconds: those before the first one that sees another ledger than last
    time are taken as they were.
    """
    months = pd.period_range(START, ledger.as_of, freq="M")
    ends = [min(month.end_time.normalize(), ledger.as_of) for month in months]
    before = pd.Period(START).start_time - pd.Timedelta(days=1)
    shared = manifest.surroundings() | {"changes of": parameters.as_dict(), "code": CODE}
    # What was known before a month is part of what was known at its end.
    keys = [
        manifest.fingerprint(shared | {"month": str(month), "end": str(end), "said": said})
        for month, end, said in zip(months, ends, ledger.said_until(ends), strict=True)
    ]
    kept: list[bytes] = []
    while len(kept) < len(keys) and (data := cache.get(keys[len(kept)])) is not None:
        kept.append(data)
    states = (ledger.known(day) for day in [before, *ends][len(kept) :])
    for key, rows in zip(keys[len(kept) :], changes.one_after_another(states, parameters), strict=True):
        found = [
            row | {"claim_ids": provenance.split(row["claim_ids"]), "sentence": text.in_millions(row["sentence"])}
            for row in rows.to_dict("records")
        ]
        kept.append(json.dumps(found, sort_keys=True).encode("utf-8"))
        cache.put(key, kept[-1])
    return [
        Month(str(month), f"{month:%B %Y}", end, json.loads(data))
        for month, end, data in zip(months, ends, kept, strict=True)
    ]


def write(pages: Pages, months: list[Month]) -> None:
    """Write the page of all months, one page each, and the feed."""
    newest_first = [month for month in reversed(months) if month.changes]
    corrections = prose.html((paths.DATA / "CHANGELOG.md").read_text(encoding="utf-8"), raised=1)
    body = pages.render("changes.html.j2", months=newest_first, shown=SHOWN, corrections=corrections)
    contents = [("became-known", "What became known, month by month"), ("changes-of-the-data", "Changes of the data")]
    pages.write("changes.html", "Changes", body, CRUMBS[:1], contents)
    for number, month in enumerate(newest_first):
        later = newest_first[number - 1] if number else None
        earlier = newest_first[number + 1] if number + 1 < len(newest_first) else None
        body = pages.render("month.html.j2", month=month, earlier=earlier, later=later)
        pages.write(f"changes/{month.key}.html", f"What became known in {month.name}", body, CRUMBS)
    feed = pages.render("feed.xml.j2", months=newest_first[:FEED], day=pages.ledger.as_of)
    (pages.folder / "feed.xml").write_text(feed, encoding="utf-8", newline="")
