"""Claims about one thing: which retell the same first report, which rest on another, which say the opposite.

Two claims are about one thing if they share the arrangement and the step, the payment and its stage, the movement and what
its number counts, the count, or the act. What belongs elsewhere: which of them is shown (``choose``), how many origins there
are (``provenance``).

Typical use::

    retellings.related(ledger).loc["c00042", "retold_by"]
"""

from typing import TypedDict

import pandas as pd

from analysis.ledger import Ledger
from analysis.views import provenance

KEYS = {
    "steps": ("arrangement_id", "step"),
    "payments": ("payment_id", "stage"),
    "transfers": ("transfer_id", "population"),
    "tallies": ("tally_id",),
    "acts": ("act_id",),
}


class Related(TypedDict):
    """A row of :func:`related`; all but ``thing`` are claim identifiers, ``c00001; c00002``."""

    thing: str
    retold_by: str
    also_said_by: str
    contradicted_by: str


def things(ledger: Ledger) -> pd.Series:
    """What each claim is about, by claim: ``steps rwa-removal-2025 agreed``."""
    found = []
    for table, keys in KEYS.items():
        claims = getattr(ledger, table, None)
        if claims is not None:
            named = claims[list(keys)].fillna("").agg(" ".join, axis=1) if len(claims) else pd.Series(dtype="str")
            found.append(pd.Series([f"{table} {thing}" for thing in named], index=claims["claim_id"], dtype="str"))
    return pd.concat(found)


def related(ledger: Ledger) -> pd.DataFrame:
    """What other claims say about the thing that a claim is about. Indexed by ``claim_id``; columns: :class:`Related`.

    ``retold_by`` carry the same first report, ``also_said_by`` say the same from another origin, ``contradicted_by`` deny what
    the claim asserts, or assert what it denies.
    """
    columns = ["claim_id", "stance", "origin_id"]
    tables = [getattr(ledger, table)[columns] for table in KEYS if getattr(ledger, table, None) is not None]
    claims = pd.concat(tables, ignore_index=True)
    claims["thing"] = claims["claim_id"].map(things(ledger))
    rows = []
    for _, group in claims.groupby("thing"):
        for claim in group.to_dict("records"):
            others = group[group["claim_id"] != claim["claim_id"]]
            agree = others[others["stance"] == claim["stance"]]
            same = agree["origin_id"] == claim["origin_id"]
            rows.append(
                claim
                | {
                    "retold_by": provenance.listed(agree.loc[same, "claim_id"]),
                    "also_said_by": provenance.listed(agree.loc[~same, "claim_id"]),
                    "contradicted_by": provenance.listed(others.loc[others["stance"] != claim["stance"], "claim_id"]),
                }
            )
    table = pd.DataFrame(rows, columns=["claim_id", *Related.__annotations__])
    return table.set_index("claim_id").sort_index(key=lambda ids: ids.map(provenance.claim_number))
