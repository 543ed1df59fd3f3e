"""When each country was approached, agreed and received people, and when that became public: spans, never points.

A span holds every day the event can have fallen on. The first of several events with spans lies between the smallest
of their earliest days and the smallest of their latest days. A claim that only bounds an event from above ("has asked",
on the day of the report) does not widen a span that another claim dates; it can only close it earlier.
"""

import numpy as np
import pandas as pd

from analysis.values import countries, dates
from analysis.views import provenance, scope

APPROACH = ("asked", "in_talks", "willing")
AGREEMENT = ("agreed", "signed")
ARRIVAL = ("received",)


def by_country(book, parameters):
    """One row per country in scope that was at least asked.

    Columns: ``receiver``, ``name``, ``region``; for approach, agreement, arrival and contact (the first of the three)
    ``*_earliest`` and ``*_latest`` (days; earliest missing where open, both missing where not reported);
    ``public_earliest``, ``public_latest`` (day on which an origin first reported any of them); ``lag_min``, ``lag_max``
    (days from approach to that report, missing where open); ``claim_ids``. Sorted by the last possible day of contact.
    """
    steps = book.steps[scope.in_scope(book.steps, parameters.programme) & (book.steps["stance"] == "asserts")]
    steps = steps[steps["step"].isin(APPROACH + AGREEMENT + ARRIVAL)]
    origins = steps.groupby("receiver")["origin_id"].nunique()
    steps = steps[steps["receiver"].map(origins) >= parameters.min_origins]
    table = pd.DataFrame({"receiver": sorted(steps["receiver"].unique())})
    events = {
        "approach": APPROACH,
        "agreement": AGREEMENT,
        "arrival": ARRIVAL,
        "contact": APPROACH + AGREEMENT + ARRIVAL,
    }
    for name, kinds in events.items():
        first = _first(steps[steps["step"].isin(kinds)], "date_earliest", "date_latest")
        table[f"{name}_earliest"] = first["earliest"].reindex(table["receiver"]).to_numpy()
        table[f"{name}_latest"] = first["latest"].reindex(table["receiver"]).to_numpy()
    published = steps.assign(
        day_earliest=steps[["origin_earliest", "published_earliest"]].min(axis=1), day_latest=steps["public_on"]
    )
    first = _first(published, "day_earliest", "day_latest")
    table["public_earliest"] = first["earliest"].reindex(table["receiver"]).to_numpy()
    table["public_latest"] = first["latest"].reindex(table["receiver"]).to_numpy()
    # An agreement or an arrival closes the time in which the approach can have been made.
    table["approach_latest"] = table["contact_latest"].where(table["approach_latest"].notna())
    table["approach_earliest"] = table["approach_earliest"].where(
        table["approach_earliest"] <= table["approach_latest"]
    )
    lags = table["public_latest"] - table["approach_earliest"], table["public_earliest"] - table["approach_latest"]
    table["lag_max"] = lags[0].dt.days.astype("float64")
    table["lag_min"] = lags[1].dt.days.astype("float64").clip(lower=0)
    table["claim_ids"] = table["receiver"].map(provenance.joined_by(steps["receiver"], steps["claim_id"]))
    table.insert(1, "name", [countries.name(code) for code in table["receiver"]])
    table.insert(2, "region", [countries.region(code, parameters.region_scheme) for code in table["receiver"]])
    return table.sort_values(["contact_latest", "name"], na_position="last").reset_index(drop=True)


def headline(table, as_of):
    """The answer in a sentence: how many countries, the earliest dated approach, the days that made most public."""
    day = dates.show_day(as_of)
    if table.empty:
        return f"By {day}, no country had been reported as asked."
    text = f"By {day}, **{len(table)} countries** were reported to have been approached or to stand further."
    dated = table[table["contact_earliest"].notna()].sort_values(["contact_latest", "name"])
    if len(dated):
        first = dated.iloc[0]
        days = dict.fromkeys([dates.show_day(first["contact_earliest"]), dates.show_day(first["contact_latest"])])
        span = " to ".join(days)
        text += f" The earliest dated contact is that with {first['name']} ({span})."
    busiest = table["public_latest"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return text + f" Most became public at once: {busiest.iloc[0]} with reports of {dates.show_day(busiest.index[0])}."


def _first(claims, earliest, latest):
    """Bounds of the first event per country. The lower bound is missing if no claim dates it, or none early enough."""
    by = claims.groupby("receiver")
    low, high = by[earliest].min(), by[latest].min()
    return {"earliest": low.where(low <= high), "latest": high}


def cumulative(table, event, start):
    """How many countries had ``event`` (contact, agreement, arrival) behind them by each day: ``day``, ``low``, ``high``.

    ``low`` counts a country from the last day on which it can have happened, ``high`` from the first; a span open at its
    start counts as possible from ``start``, the first day shown.
    """
    known = table[table[f"{event}_latest"].notna()]
    start = pd.Timestamp(start)
    earliest = known[f"{event}_earliest"].fillna(start).clip(lower=start)
    latest = known[f"{event}_latest"].clip(lower=start)
    days = pd.Index([start, *earliest, *latest]).unique().sort_values()
    behind = [np.searchsorted(known.sort_values(), days, side="right") for known in (latest, earliest)]
    return pd.DataFrame({"day": days, "low": behind[0], "high": behind[1]})
