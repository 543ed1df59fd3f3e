"""People moved: one row per movement; per destination the number that can at least be said, and what is never added.

Rule: Method, *People*. Ceilings, plans and movements that also carried the receiver's own citizens stand beside.

Typical use::

    movements = transfers.reported(ledger, Parameters())
    transfers.by_destination(movements)
"""

from typing import TypedDict

import pandas as pd

from analysis.ledger import Ledger
from analysis.values import countries as places
from analysis.views import provenance, scope
from analysis.views.choose import PREFERENCE, choose, full_range
from analysis.views.parameters import Parameters

BESIDE = ("mixed", "cap", "planned")
# What can at least be said hangs on the lower bound, a ceiling on the upper.
LARGEST_BY = {
    "cumulative": ["people_min", "people_max"],
    "mixed": ["people_min", "people_max"],
    "planned": ["people_min", "people_max"],
    "cap": ["people_max", "people_min"],
}
MOVEMENTS, RUNNING_TOTAL = "single movements", "running total"


class Destination(TypedDict):
    """A row of :func:`by_destination`; numbers are people, missing where not reported."""

    receiver: str
    name: str
    people_at_least: float
    range_low: float
    range_high: float
    rests_on: str
    movements: int
    movements_low: float
    movements_high: float
    running_total_low: float
    running_total_high: float
    mixed_low: float
    mixed_high: float
    cap_low: float
    cap_high: float
    planned_low: float
    planned_high: float
    support: str
    claim_ids: str
    other_claim_ids: str


def reported(
    ledger: Ledger, parameters: Parameters, context: bool = False, preference: dict[str, str] = PREFERENCE
) -> pd.DataFrame:
    """One row per ``transfer_id`` and ``population``, chosen and ranged as :func:`choose.choose` says.

    Adds ``name`` and ``wholes`` (of what it is a part, see :func:`provenance.wholes`).

    By default the movements of the programme to states; with ``context`` all others. Those that fewer than
    ``min_origins`` origins report are left out.
    """
    mine = scope.in_scope(ledger.transfers, parameters.programme)
    claims = ledger.transfers[~mine if context else mine]
    keys = ["transfer_id", "population"]
    groups = choose(claims, keys, "people_min", "people_max", preference)
    groups = groups[groups["origins"] >= parameters.min_origins]
    groups["wholes"] = provenance.wholes(groups["transfer_id"], claims, "transfer_id")
    return groups.assign(name=groups["receiver"].map(places.name)).reset_index(drop=True)


def nationalities(movement: dict) -> list[str]:
    """The codes of the countries whose citizens a row of transfers names: ``VEN;CUB`` → ``["VEN", "CUB"]``."""
    return [code for code in movement["nationalities"].split(";") if code]


def told_of_a_part(movement: dict) -> str:
    """What must be said beside a number that is counted within another: whose citizens it counts, and that it is a part.

    ``movement`` is a row of transfers or of :func:`reported` as a dict. Blank where it is no part.
    """
    if not movement["part_of"]:
        return ""
    citizens = [places.in_text(code) for code in nationalities(movement)]
    return f"citizens of {' or '.join(citizens)} and part of a larger number" if citizens else "part of a larger number"


def added_movements(movements: pd.DataFrame) -> pd.DataFrame:
    """The rows of :func:`reported` whose people are added up: single movements of third-country people, no parts of them.

    A part (``part_of``) is left out where its whole, or the whole of its whole, is itself among these movements or is a
    running total, and has a lower bound.
    """
    single = movements[movements["population"] == "third_country"]
    counted = movements["population"].isin(["third_country", "cumulative"]) & movements["people_min"].notna()
    return single[~provenance.is_part(single, set(movements.loc[counted, "transfer_id"]))]


def behind(movements: pd.DataFrame, by: str = "receiver") -> pd.DataFrame:
    """The rows of :func:`reported` whose lower bounds make up ``people_at_least``: the single movements of each destination,
    or its largest running total where that is larger.
    """
    added = added_movements(movements.dropna(subset=[by]))
    added = added[added["people_min"].notna()]
    totals = movements[movements["population"] == "cumulative"].dropna(subset=[by, "people_min"])
    totals = _largest(totals, by, LARGEST_BY["cumulative"])
    larger = totals[totals["people_min"] > added.groupby(by)["people_min"].sum().reindex(totals.index).fillna(0)]
    return pd.concat([added[~added[by].isin(larger.index)], larger.reset_index()], ignore_index=True)


def by_destination(movements: pd.DataFrame, by: str = "receiver") -> pd.DataFrame:
    """One row per destination, from :func:`reported`. Columns: :class:`Destination`; the most people come first.

    ``people_at_least`` is the larger of ``movements_low`` (the floors of the single movements, added up) and
    ``running_total_low`` (the largest running total), and ``rests_on`` says which; ``range_low``, ``range_high``,
    ``support`` and ``claim_ids`` are of the claims it rests on. ``movements_high`` is missing where a movement is open at the
    top. For ``mixed``, ``cap`` and ``planned`` the largest reported stands. With ``by="arrangement_id"`` the same per
    arrangement.
    """
    movements = movements.dropna(subset=[by])
    added = added_movements(movements)
    added = added[added[["people_min", "people_max"]].notna().any(axis=1)]
    table = (
        movements.groupby(by)[["receiver", "name"]].first()
        if by != "receiver"
        else movements.groupby(by)[["name"]].first()
    )

    sums = added.groupby(by)
    table["movements"] = sums.size().reindex(table.index).fillna(0).astype("int64")
    table["movements_low"] = sums["people_min"].sum(min_count=1)
    table["movements_high"] = sums["people_max"].sum(min_count=1).where(sums["people_max"].count() == sums.size())
    for population in ("cumulative", *BESIDE):
        largest = _largest(movements[movements["population"] == population], by, LARGEST_BY[population])
        column = "running_total" if population == "cumulative" else population
        table[f"{column}_low"], table[f"{column}_high"] = largest["people_min"], largest["people_max"]
    rests = behind(movements, by)
    from_total = rests.loc[rests["population"] == "cumulative", by]
    table["people_at_least"] = table[["movements_low", "running_total_low"]].max(axis=1)
    table["rests_on"] = MOVEMENTS
    table.loc[table.index.isin(from_total), "rests_on"] = RUNNING_TOTAL
    table.loc[~(table["people_at_least"] > 0), "rests_on"] = ""
    summed = {key: full_range(part) for key, part in rests.groupby(by)}
    for bound, column in enumerate(("range_low", "range_high")):
        table[column] = pd.Series({key: pair[bound] for key, pair in summed.items()}, dtype="float64")
    table["claim_ids"] = rests.groupby(by)["claim_ids"].agg(provenance.merged)
    table["support"] = pd.Series(
        {key: provenance.support_of_sum(part["people_min"], part["support"]) for key, part in rests.groupby(by)},
        dtype="str",
    )
    everything = movements.groupby(by)["claim_ids"].agg(provenance.merged)
    table = table.fillna({"claim_ids": "", "support": ""})
    table["other_claim_ids"] = [
        provenance.listed(set(provenance.split(everything[key])) - set(provenance.split(row["claim_ids"])))
        for key, row in table.iterrows()
    ]
    table = table.reset_index().sort_values(["people_at_least", "name"], ascending=[False, True], na_position="last")
    columns = list(Destination.__annotations__)
    return table[columns if by == "receiver" else [by, *columns]].reset_index(drop=True)


def _largest(movements: pd.DataFrame, by: str, bounds: list[str]) -> pd.DataFrame:
    """Of each destination's movements the largest by the first of ``bounds``, then by the second; the first of several."""
    known = movements.dropna(subset=["people_min", "people_max"], how="all")
    order = [*bounds, "transfer_id"]
    return (
        known.sort_values(order, ascending=[False, False, True], na_position="last").drop_duplicates(by).set_index(by)
    )
