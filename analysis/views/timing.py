"""When each country was approached, agreed and received people, and when that became public: spans, never points.

A span holds every day the event can have fallen on. The first of several events with spans lies between the smallest
of their earliest days and the smallest of their latest days. A claim that only bounds an event from above ("has asked",
on the day of the report) does not widen a span that another claim dates; it can only close it earlier. Rule: Method, *Timing*.

Typical use::

    rows = timing.by_country(ledger, Parameters())
    timing.cumulative(rows, "contact", start="2025-01-20")
"""

from collections.abc import Collection
from typing import TypedDict

import pandas as pd

from analysis.ledger import Ledger
from analysis.values import countries as places
from analysis.values import dates
from analysis.views import positions, provenance
from analysis.views.parameters import Parameters

APPROACH = ("asked", "in_talks", "willing")
AGREEMENT = ("agreed", "signed")
ARRIVAL = ("received",)
EVENTS = {"approach": APPROACH, "agreement": AGREEMENT, "arrival": ARRIVAL, "contact": APPROACH + AGREEMENT + ARRIVAL}


class Timing(TypedDict):
    """A row of :func:`by_country`; days, missing where open or not reported."""

    receiver: str
    name: str
    region: str
    approach_earliest: pd.Timestamp
    approach_latest: pd.Timestamp
    agreement_earliest: pd.Timestamp
    agreement_latest: pd.Timestamp
    arrival_earliest: pd.Timestamp
    arrival_latest: pd.Timestamp
    contact_earliest: pd.Timestamp
    contact_latest: pd.Timestamp
    public_earliest: pd.Timestamp
    public_latest: pd.Timestamp
    lag_days_min: float
    lag_days_max: float
    support: str
    claim_ids: str


def by_country(ledger: Ledger, parameters: Parameters) -> pd.DataFrame:
    """One row per country in scope that was reported as asked or further. Columns: :class:`Timing`.

    ``contact`` is the first of approach, agreement and arrival. ``public_earliest`` to ``public_latest`` is when a report of
    any of them first became public; ``lag_days_min`` and ``lag_days_max`` are the days from the approach to that report.
    Sorted by the last possible day of contact.
    """
    steps = positions.steps_in_scope(ledger, parameters)
    steps = steps[steps["stance"] == "asserts"]
    contact = _enough_origins(steps, EVENTS["contact"], parameters)
    table = provenance.support(contact, "receiver")[["support", "claim_ids"]]
    for event, kinds in EVENTS.items():
        _add_first(table, event, _enough_origins(steps, kinds, parameters), "date_earliest", "last_day")
    first_days = contact[["origin_earliest", "published_earliest"]]
    published = contact.assign(public_from=first_days.min(axis=1, skipna=False))  # of an unknown day nothing is known
    _add_first(table, "public", published, "public_from", "public_on")

    # An agreement or an arrival closes the time in which the approach can have been made.
    table["approach_latest"] = table["contact_latest"].where(table["approach_latest"].notna())
    too_late = table["approach_earliest"] > table["approach_latest"]
    table["approach_earliest"] = table["approach_earliest"].mask(too_late)
    table["lag_days_min"] = (
        (table["public_earliest"] - table["approach_latest"]).dt.days.clip(lower=0).astype("float64")
    )
    table["lag_days_max"] = (table["public_latest"] - table["approach_earliest"]).dt.days.astype("float64")
    table = table.reset_index()
    table["name"] = table["receiver"].map(places.name)
    table["region"] = [places.region(code, parameters.region_scheme) for code in table["receiver"]]
    table = table.sort_values(["contact_latest", "name"], na_position="last", ignore_index=True)
    return table[list(Timing.__annotations__)]


def _enough_origins(steps: pd.DataFrame, kinds: tuple[str, ...], parameters: Parameters) -> pd.DataFrame:
    """The claims of ``kinds`` about arrangements that ``min_origins`` origins put at the first of them or further."""
    as_far = steps[steps["rank"] >= positions.RANK[kinds[0]]]
    origins = as_far.groupby("arrangement_id")["origin_id"].nunique()
    enough = provenance.of_each(steps["arrangement_id"], origins) >= parameters.min_origins
    return steps[enough & steps["step"].isin(kinds)]


def _add_first(table: pd.DataFrame, event: str, claims: pd.DataFrame, earliest: str, latest: str) -> None:
    """Add the bounds of the first event per country; the lower one is missing if no claim dates it, or none early enough."""
    groups = claims.groupby("receiver")
    low, high = groups[earliest].min(), groups[latest].min()
    table[f"{event}_earliest"], table[f"{event}_latest"] = low.where(low <= high), high


def headline(table: pd.DataFrame, as_of: pd.Timestamp, disputed: Collection[str] = ()) -> str:
    """The answer in a sentence: how many countries, the earliest contact, the day that made most public.

    The earliest contact is the one that must have been by the earliest day, whether a claim dates it or only bounds it.
    Where its country is one of ``disputed`` (codes of countries whose position a claim denies), the earliest of the others is
    told beside it.
    """
    day = dates.show_day(as_of)
    if table.empty:
        return f"By {day}, no country had been reported as asked."
    noun = "country was" if len(table) == 1 else "countries were"
    text = f"By {day}, **{len(table)} {noun}** reported to have been approached or to stand further."
    order = table.sort_values(["contact_latest", "name"])
    first, undisputed = order.iloc[0], order[~order["receiver"].isin(list(disputed))]
    text += f" The earliest contact reported is that with {_name_and_span(first)}"
    if first["receiver"] not in disputed:
        text += "."
    elif undisputed.empty:
        text += ", which another claim denies."
    else:
        other = _name_and_span(undisputed.iloc[0])
        text += f", which another claim denies; the earliest that none denies is that with {other}."
    busiest = table["public_latest"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return (
        text
        + f" Reports of {dates.show_day(busiest.index[0])} made {busiest.iloc[0]} of them public, the most of any day."
    )


def _name_and_span(row: pd.Series) -> str:
    """A country and the days on which it can first have been contacted: ``Rwanda (by 1 Apr 2025)``."""
    low, high = row["contact_earliest"], row["contact_latest"]
    days = dict.fromkeys(dates.show_day(day) for day in (low, high) if pd.notna(day))
    return f"{row['name']} ({'by ' if pd.isna(low) else ''}{' to '.join(days)})"


def cumulative(table: pd.DataFrame, event: str, start: str) -> pd.DataFrame:
    """How many countries had ``event`` (contact, agreement, arrival, public) behind them by each day.

    Columns: ``day``, ``countries_low`` (counts a country from the last day on which it can have happened),
    ``countries_high`` (from the first; a span open at its start counts as possible from ``start``, the first day shown),
    ``claim_ids`` (of the countries that ``countries_low`` counts from that day on).
    """
    first_day = pd.Timestamp(start)
    known = table[table[f"{event}_latest"].notna()]
    latest = known[f"{event}_latest"].clip(lower=first_day)
    earliest = known[f"{event}_earliest"].fillna(first_day).clip(lower=first_day)
    rows = []
    for day in sorted({first_day, *earliest, *latest}):
        ids = provenance.merged(known.loc[latest == day, "claim_ids"])
        rows.append((day, int((latest <= day).sum()), int((earliest <= day).sum()), ids))
    return pd.DataFrame(rows, columns=["day", "countries_low", "countries_high", "claim_ids"])
