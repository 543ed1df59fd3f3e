"""Counts that others published, beside what this ledger can name under the same definition on the same day.

The counts are of the programme us-2025 only; for another programme there is nothing to compare. What belongs elsewhere:
the positions themselves (``positions``).

Typical use::

    tallies.reconcile(ledger, Parameters())
"""

from typing import TypedDict

import pandas as pd

from analysis.ledger import Ledger, schema
from analysis.values import countries as places
from analysis.values import ranges
from analysis.views import positions
from analysis.views.choose import choose
from analysis.views.parameters import Parameters

PROGRAMME = "us-2025"  # of which all published counts in the ledger speak
PART = "part"
REGIONS = "un_m49_region"  # the scheme in which counts of a part of the world are written down


class Tally(TypedDict):
    """A row of :func:`reconcile`."""

    tally_id: str
    first_reported_by: str
    first_public_on: pd.Timestamp
    counted: str
    unit: str
    count_min: float
    count_max: float
    range_low: float
    range_high: float
    among: str
    definition: str
    named_then: float
    named_now: float
    difference: float
    why: str
    support: str
    health: float
    claim_ids: str


def reconcile(ledger: Ledger, parameters: Parameters) -> pd.DataFrame:
    """One row per published count, in the order of their days. Columns: :class:`Tally`.

    ``named_then`` is how many countries the ledger puts at that step or further with what was public on the day of the
    count, ``named_now`` the same at ``as_of``, ``difference`` the published lower bound, or the upper one where there
    is no lower, less ``named_then``. These three are missing where others than countries are counted, what is no step, or a
    part that the source does not list. ``why`` says what the difference comes from, or why there is none; a count here that
    lies within the bounds published does not differ from them.
    """
    columns = list(Tally.__annotations__)
    if parameters.programme != PROGRAMME:
        return pd.DataFrame(columns=columns)
    table = choose(ledger.tallies, ["tally_id", "counted"], "count_min", "count_max")
    table["why"] = ""
    for column in ("named_then", "named_now", "difference"):
        table[column] = float("nan")
    reached = positions.reached(ledger, parameters)
    regions = reached["receiver"].map(lambda code: places.region(code, REGIONS))
    for index, row in table.iterrows():
        if row["unit"] == "countries" and row["counted"] in positions.RANK and row["among"] != PART:
            there = regions == row["among"] if row["among"] else regions.notna()
            since = reached.loc[(reached["step"] == row["counted"]) & there, "reached_on"]
            then, now = int((since <= row["first_public_on"]).sum()), int((since <= ledger.as_of).sum())
            published = row["count_min"] if ranges.present(row["count_min"]) else row["count_max"]
            table.loc[index, ["named_then", "named_now", "difference"]] = [then, now, published - then]
        table.loc[index, "why"] = _why(row, *table.loc[index, ["named_then", "difference"]], parameters.min_origins)
    return table.sort_values(["first_public_on", "tally_id"], ignore_index=True)[columns]


def _why(tally: pd.Series, named_then: float, difference: float, min_origins: int) -> str:
    if tally["unit"] != "countries":
        return f"counts {schema.label('tallies', 'unit', tally['unit'])}, not countries"
    if tally["among"] == PART:
        return "counts a part that the source does not list"
    if not ranges.present(difference):
        return "counts what is no step"
    if difference > 0:
        few = f", or fewer than {min_origins} origins do" if min_origins > 1 else ""
        return f"no source read here names {int(difference)} of them at that step on that day{few}"
    if difference == 0:
        return "the same number"
    if not named_then > tally["count_max"]:
        return "within the bounds that were published"
    return f"this ledger names {int(named_then - tally['count_max'])} more at that step on that day"
