"""Where a country, a claim or a source in a notebook leads. A number in a sentence is made a link by ``text``.

An address is written as seen from ``notebooks/``, so that a link also leads somewhere in JupyterLab: into the published
report. The report's pages exchange :data:`REPORT` for the way to their own root. What belongs elsewhere: which cells are links
(``tables.column``), the pages themselves (``analysis.report.site``).

Typical use::

    links.claims("c00001; c00002")
"""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.views import provenance

REPORT = "../reports/"  # the published report, as seen from a notebook


@dataclass(frozen=True)
class Link:
    """Words that lead to ``to``: a page of the report, ``claims.html#c00001``."""

    text: str
    to: str

    @property
    def href(self) -> str:
        """The address as a notebook writes it."""
        return REPORT + self.to

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Links:
    """Several links in one cell; where they are many, the cell shows how many and opens in place.

    ``noun`` is the singular and the plural of what they lead to.
    """

    items: tuple[Link, ...]
    noun: tuple[str, str]

    @property
    def count(self) -> str:
        """``1 claim``, ``9 claims``."""
        return f"{len(self.items):,} {self.noun[len(self.items) != 1]}"

    def __str__(self) -> str:
        return "; ".join(link.text for link in self.items)


Cell = str | Link | Links


def country(code: str, name: str) -> Cell:
    """A country's name, leading to its page; plain where there is no code."""
    return Link(name, f"countries/{code}.html") if code else str(name)


def claims(joined: str) -> Links:
    """Claim identifiers, ``c00001; c00002``, each leading to its claim."""
    return Links(tuple(Link(claim, f"claims.html#{claim}") for claim in provenance.split(joined)), ("claim", "claims"))


def sources(joined: str, names: Mapping[str, str] | None = None) -> Links:
    """Source identifiers, one or ``a; b``, each leading to its source; shown by its name in ``names``, if there are any."""
    found = [Link((names or {}).get(source, source), f"sources.html#{source}") for source in provenance.split(joined)]
    return Links(tuple(found), ("source", "sources"))
