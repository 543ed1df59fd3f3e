"""What was reported about each country, report by report, the newest first.

One entry is one first report of one thing, however many sources retell it. What belongs elsewhere: the words of an entry
(``display``), where the country stands (``positions``).

Typical use::

    chronology.by_country(ledger, Parameters())
"""

from typing import TypedDict

import pandas as pd

from analysis.ledger import Ledger
from analysis.views import provenance, retellings, scope
from analysis.views.parameters import Parameters


class Entry(TypedDict):
    """A row of :func:`by_country`."""

    receiver: str
    claim_id: str
    public_on: pd.Timestamp
    date: str
    stance: str
    wording: str
    origin_id: str
    origin_publisher: str
    source_id: str
    sources: int
    claim_ids: str


def by_country(ledger: Ledger, parameters: Parameters) -> pd.DataFrame:
    """One row per country, thing and origin among the claims in scope. Columns: :class:`Entry`.

    ``public_on`` is the day by which the first of the claims was public. ``claim_id`` and what is said of its words is the
    claim read at the origin, else the one public first. Countries stand by their code, of each the newest reports first.
    """
    claims = ledger.claims
    claims = claims[scope.in_scope(claims, parameters.programme)]
    claims = claims.assign(
        thing=claims["claim_id"].map(retellings.things(ledger)),
        retold=claims["source_id"] != claims["origin_id"],
        number=claims["claim_id"].map(provenance.claim_number),
    )
    keys = ["receiver", "thing", "stance", "origin_id"]
    groups = claims.sort_values(["retold", "public_on", "number"]).groupby(keys, sort=False)
    table = groups.first().join(
        groups.agg(
            first_public=("public_on", "min"),
            sources=("source_id", "nunique"),
            claim_ids=("claim_id", provenance.listed),
        )
    )
    table["public_on"] = table.pop("first_public")
    table = table.reset_index().sort_values(
        ["receiver", "public_on", "number"], ascending=[True, False, True], ignore_index=True
    )
    return table[list(Entry.__annotations__)]
