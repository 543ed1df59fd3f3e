"""Counts that others published, beside what this ledger can name under the same definition at the same day."""

import pandas as pd

from analysis.ledger import schema
from analysis.values import countries, ranges
from analysis.views import choose, positions

COUNTS = ["named_then", "named_now", "difference"]
COLUMNS = ["tally_id", "published_by", "public_on", "counted", "unit", "count", "among", "definition", *COUNTS]
COLUMNS += ["why", "claim_ids"]
PART = "part"
REGIONS = "un_m49_region"  # the scheme in which counts of a part of the world are written down


def reconcile(book, parameters):
    """One row per published count.

    Columns: ``tally_id``, ``published_by``, ``public_on``, ``counted``, ``unit``, ``count`` (in words), ``definition``,
    ``among`` (region, or part), ``named_then`` (countries that the ledger puts at that step or further with what was known
    on that day), ``named_now`` (the same at ``as_of``), ``difference`` (published lower bound less named_then), ``why`` (in
    words), ``claim_ids``. Counts are missing where others than countries are counted, or a part that cannot be told.
    """
    groups = choose.pick(book.tallies, ["tally_id", "counted"], "count_min", "count_max")
    if groups.empty:
        return pd.DataFrame(columns=COLUMNS).astype(dict.fromkeys(COUNTS, "float64"))
    then, now = _named(groups, book, parameters)
    difference = groups["count_min"].fillna(groups["count_max"]) - then
    counts = zip(groups["count_min"], groups["count_max"], strict=True)
    reasons = zip(groups["unit"], groups["among"], difference, strict=True)
    table = pd.DataFrame(
        {
            "tally_id": groups["tally_id"],
            "published_by": groups["reported_by"],
            "public_on": groups["first_known"],
            "counted": groups["counted"],
            "unit": groups["unit"],
            "count": [ranges.show_range(low, high) for low, high in counts],
            "among": groups["among"],
            "definition": groups["definition"],
            "named_then": then,
            "named_now": now,
            "difference": difference.astype("float64"),
            "why": [_why(*reason) for reason in reasons],
            "claim_ids": groups["claim_ids"],
        }
    )
    return table.sort_values(["public_on", "tally_id"]).reset_index(drop=True)


def _named(groups, book, parameters):
    """How many countries the ledger puts where each count does, at the day of the count and now; missing for others."""
    reached = positions.reached(book, parameters)
    region = reached["receiver"].map({code: countries.region(code, REGIONS) for code in reached["receiver"].unique()})
    then, now = (pd.Series(float("nan"), index=groups.index) for _ in range(2))
    like = (groups["unit"] == "countries") & groups["counted"].isin(schema.LADDER) & (groups["among"] != PART)
    # One pass per definition, however many counts have it.
    for (step, among), counts in groups[like].groupby(["counted", "among"]):
        since = reached.loc[(reached["step"] == step) & ((region == among) | (among == "")), "reached_on"]
        then[counts.index] = positions.number_by(counts["first_known"], since)
        now[counts.index] = (since <= book.as_of).sum()
    return then, now


def _why(unit, among, difference):
    if unit != "countries":
        return f"counts {schema.label('tallies', 'unit', unit)}, not countries"
    if among == PART:
        return "counts a part that the source does not list"
    if not ranges.present(difference):
        return "counts what is no step"
    if difference > 0:
        return f"{int(difference)} of them are named by no source read here at that step on that day"
    if difference < 0:
        return f"{-int(difference)} more were reported at that step by other origins on that day"
    return "the same number"
