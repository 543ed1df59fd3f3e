"""Claims about one thing: which retell the same first report, which rest on another, which say the opposite.

Two claims are about one thing if they share the arrangement and the step, the payment and its stage, the movement and what
its number counts, the count, or the act. What belongs elsewhere: which of them is shown (``choose``), how many origins there
are (``provenance``).

Typical use::

    retellings.related(ledger).loc["c00042", "retold_by"]
"""

from collections.abc import Iterable
from typing import TypedDict

import pandas as pd

from analysis.ledger import Ledger
from analysis.views import provenance

KEYS = {
    "steps": ("arrangement_id", "step"),
    "payments": ("payment_id", "stage"),
    "transfers": ("transfer_id", "population"),
    "tallies": ("tally_id", "counted"),
    "acts": ("act_id",),
}


class Related(TypedDict):
    """A row of :func:`related`; all but ``thing`` are claim identifiers, ``c00001; c00002``."""

    thing: str
    retold_by: str
    also_said_by: str
    contradicted_by: str


def things(ledger: Ledger) -> dict[str, str]:
    """What each claim is about, by claim: ``steps rwa-removal-2025 agreed``."""
    found: dict[str, str] = {}
    for table, keys in KEYS.items():
        claims = getattr(ledger, table)
        named = zip(*(claims[key].fillna("") for key in keys), strict=True)
        found |= {claim: " ".join((table, *thing)) for claim, thing in zip(claims["claim_id"], named, strict=True)}
    return found


def related(ledger: Ledger) -> pd.DataFrame:
    """What other claims say about the thing that a claim is about. Indexed by ``claim_id``; columns: :class:`Related`.

    ``retold_by`` carry the same first report, ``also_said_by`` say the same from another origin, ``contradicted_by`` deny what
    the claim asserts, or assert what it denies.
    """
    columns = ["claim_id", "stance", "origin_id"]
    tables = [getattr(ledger, table)[columns] for table in KEYS]
    claims = pd.concat(tables, ignore_index=True).to_dict("records")
    about = things(ledger)
    groups: dict[str, list[dict]] = {}
    for claim in claims:
        groups.setdefault(about[claim["claim_id"]], []).append(claim)
    rows = []
    for claim in claims:
        others = [other for other in groups[about[claim["claim_id"]]] if other is not claim]
        agree = [other for other in others if other["stance"] == claim["stance"]]
        rows.append(
            {
                "claim_id": claim["claim_id"],
                "thing": about[claim["claim_id"]],
                "retold_by": _ids(other for other in agree if other["origin_id"] == claim["origin_id"]),
                "also_said_by": _ids(other for other in agree if other["origin_id"] != claim["origin_id"]),
                "contradicted_by": _ids(other for other in others if other["stance"] != claim["stance"]),
            }
        )
    table = pd.DataFrame(rows, columns=["claim_id", *Related.__annotations__]).set_index("claim_id")
    return table.sort_index(key=lambda ids: ids.map(provenance.claim_number))


def _ids(claims: Iterable[dict]) -> str:
    return provenance.listed(claim["claim_id"] for claim in claims)
