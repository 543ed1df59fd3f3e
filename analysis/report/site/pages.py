"""The frame of every page: heading, navigation, search field, contents, the line about the edition; and the writing of it.

What belongs elsewhere: what stands on a page (the other modules of this package), its look (``static/style.css``).

Typical use::

    pages = Pages(folder, ledger, parameters, questions)
    pages.write("denials.html", "Denials", body)
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
from markupsafe import Markup

from analysis import __version__
from analysis.display import links
from analysis.ledger import Ledger, schema
from analysis.report import dataset
from analysis.values import countries, dates, paths
from analysis.views.parameters import Parameters

STATIC = paths.REPORT_TEMPLATES.parent / "static"
NO_COUNTRY = "none"  # the page of claims that concern no single country
CLAIM_LINK = re.compile(r'href="[./a-z]*claims\.html#(c\d+)"')
CONTENTS_FROM = 3  # headings from which a page has a list "On this page"
BEFORE = (("index.html", "Overview"), ("countries.html", "Countries"), ("changes.html", "Changes"))
AFTER = (("denials.html", "Denials"), ("claims.html", "Claims"))
BELOW = (
    ("sources.html", "Sources"),
    ("method.html", "Method"),
    ("coding.html", "Coding rules"),
    ("codebook.html", "Codebook"),
    ("editions/index.html", "Editions"),
    ("corrections.html", "Report a mistake"),
    ("feed.xml", "Feed of changes"),
)

SHORT = {
    "02_reported_payments": "Money",
    "04_people_transferred": "People",
    "03_timing_of_approaches": "Timing",
    "01_countries_by_region": "Regions",
    "06_positions_by_month": "Months",
    "08_courts_and_acts": "Courts and acts",
    "05_evidence": "Evidence",
    "07_sensitivity": "Choices",
}  # what the navigation calls the pages of notebooks, in its order; others come last and go by their file's name


@dataclass
class Pages:
    """What all pages of one report share, and the only way in which one is written."""

    folder: Path
    ledger: Ledger
    parameters: Parameters
    questions: dict[str, str] = field(default_factory=dict)  # pages of notebooks: name → question

    @cached_property
    def listed(self) -> Ledger:
        """The ledger with its undated claims: what pages list. What they count is in ``ledger``."""
        return self.ledger.with_undated()

    @cached_property
    def claims(self) -> pd.DataFrame:
        """All claims of the ledger, the undated ones too, put together once."""
        return self.listed.claims

    def render(self, template: str, **values: Any) -> Markup:
        """A template of this report with its values."""
        return Markup(_templates().get_template(template).render(**values))

    def write(
        self,
        name: str,
        title: str,
        body: str,
        crumbs: Sequence[tuple[str, str]] = (),
        contents: Sequence[tuple[str, str]] | None = None,
    ) -> None:
        """Write one page.

        ``name`` may lie in a folder of the report, ``body`` is HTML in which links into the report begin with ``links.REPORT``
        or are relative to the page. ``crumbs`` are the pages above it, ``contents`` the list "On this page" where it is not
        that of its headings.
        """
        root = "../" * name.count("/")
        if contents is None:
            found = headings(body)
            contents = found if len(found) >= CONTENTS_FROM else []
        text = self.render(
            "page.html.j2",
            title=title,
            description=f"{title}. Third-Country Ledger; newest report read: {self.newest_report}.",
            top=[*BEFORE, *((f"{stem}.html", _short(stem)) for stem in _in_order(self.questions)), *AFTER],
            below=BELOW,
            here=name,
            root=root,
            crumbs=crumbs,
            contents=contents,
            body=self._linked(str(body), root),
            newest_report=self.newest_report,
            edition=self.edition_line,
        )
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")

    def _linked(self, body: str, root: str) -> Markup:
        """The body with links from where the page lies: into the report, and from a claim to all that is known about it."""
        body = CLAIM_LINK.sub(
            lambda found: f'href="{root}{self.claim_page.get(found[1], "claims.html")}#{found[1]}"', body
        )
        return Markup(body.replace(f'href="{links.REPORT}', f'href="{root}'))

    @cached_property
    def claim_page(self) -> dict[str, str]:
        """Claim → the page with its block."""
        named = ["claim_id", "receiver"]
        claims = pd.concat([self.ledger.claims[named], self.ledger.undated[named]])
        codes = claims["receiver"].fillna("").replace("", NO_COUNTRY)
        return {str(claim): f"claims/{code}.html" for claim, code in zip(claims["claim_id"], codes, strict=True)}

    @cached_property
    def newest_report(self) -> str:
        """The day of the newest report among the claims of this edition, in words."""
        return dates.show_day(self.ledger.claims["public_on"].max()) or "none"

    @cached_property
    def edition_line(self) -> str:
        """Version and parameters, for the foot of each page."""
        chosen = self.parameters
        programme = schema.label("arrangements", "programme", chosen.programme)
        several = f"{chosen.min_origins} independent first reports are needed"
        return (
            f"Reports public by {dates.show_day(self.ledger.as_of)}. Programme: {programme}. "
            f"Regions: {countries.REGION_SCHEMES[chosen.region_scheme]}. "
            f"{'One first report is enough' if chosen.min_origins == 1 else several} to count. "
            f"Data {dataset.version()}, code {__version__}."
        )


@cache
def _templates() -> jinja2.Environment:
    """The templates, which are read once in a process."""
    loader = jinja2.FileSystemLoader(paths.REPORT_TEMPLATES)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"day": dates.show_day, "country": countries.name}
    return environment


HEADING = re.compile(r'<h2\b[^>]*\bid="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)  # of our own templates


def headings(body: str) -> list[tuple[str, str]]:
    """(id, words) of each heading of the second order that can be linked to."""
    return [(place, Markup(words).striptags()) for place, words in HEADING.findall(str(body))]


def _in_order(stems: Iterable[str]) -> list[str]:
    order = list(SHORT)
    return sorted(stems, key=lambda stem: order.index(stem) if stem in order else len(order))


def _short(stem: str) -> str:
    if stem in SHORT:
        return SHORT[stem]
    words = stem.split("_")
    return " ".join(words[1:] if words[0].isdigit() else words).capitalize()
