"""Where each arrangement and each country stands: the furthest step reported, what was reported since, who denies it.

A step is *reported*, never established. With ``min_origins`` = k, an arrangement stands at the furthest step that k
distinct origins put it at or beyond: an origin that reports an arrival supports the steps below it. A claim marked
``doubtful`` is listed and makes no position. Rules: Method, *Position* and *Dispute*.

What belongs elsewhere: each denial with what was reported after it (``denials``), days (``timing``), numbers (``answers``).

Typical use::

    countries = positions.by_country(ledger, Parameters())
    positions.at_least(countries, "agreed")
"""

from typing import TypedDict

import pandas as pd

from analysis.ledger import Ledger, schema
from analysis.values import countries as places
from analysis.values import dates
from analysis.views import provenance, scope
from analysis.views.parameters import Parameters

OFF_LADDER = "off_ladder"  # the position of what is on no step of the ladder: only declined, halted, … is reported
POSITIONS = (*schema.LADDER, OFF_LADDER)
STOPPED = ("declined", "halted", "ended")  # what a count by furthest step says beside it
SINCE = (*STOPPED, "no_answer")
# The columns of codes and claims, joined as ``a; b`` and blank where there are none.
JOINED = (
    "since", "since_claim_ids", "also_reported", "also_claim_ids", "declined_claim_ids", "stopped_claim_ids", "denial_ids",
)  # fmt: skip
RANK = {step: rank for rank, step in enumerate(schema.LADDER)}


class ArrangementPosition(TypedDict):
    """A row of :func:`by_arrangement`."""

    arrangement_id: str
    receiver: str
    instrument: str
    furthest_step: str
    origins: int
    sources: int
    support: str
    health: float
    first_public_on: pd.Timestamp
    earliest: pd.Timestamp
    latest: pd.Timestamp
    since: str
    since_claim_ids: str
    stopped_since: bool
    also_reported: str
    disputed: bool
    claim_ids: str
    also_claim_ids: str
    declined_claim_ids: str
    stopped_claim_ids: str
    denial_ids: str


class CountryPosition(TypedDict):
    """A row of :func:`by_country`."""

    receiver: str
    name: str
    region: str
    furthest_step: str
    instruments: str
    origins: int
    sources: int
    support: str
    health: float
    first_public_on: pd.Timestamp
    since: str
    since_claim_ids: str
    stopped_since: bool
    also_reported: str
    disputed: bool
    claim_ids: str
    also_claim_ids: str
    declined_claim_ids: str
    stopped_claim_ids: str
    denial_ids: str
    also_origins: int
    also_sources: int
    also_support: str
    declined_support: str
    stopped_support: str
    denial_support: str


def rank(steps: pd.Series) -> pd.Series:
    """The place of each step on the ladder, from 0 (named); missing for steps off the ladder."""
    return steps.map(RANK).astype("float64")  # also where there is none: its type would be that of text


def label(position: str) -> str:
    """A position in words: a step's as the codebook has it, and ours for what is on no step."""
    if position == OFF_LADDER:
        return "no step; declined, stopped, unanswered or unclear"
    return schema.label("steps", "step", position)


def steps_in_scope(ledger: Ledger, parameters: Parameters) -> pd.DataFrame:
    """The steps that positions are made of: in scope, not doubtful; with ``rank`` and the ``last_day`` of the event.

    ``last_day`` is the last day on which the event can have happened: the end of its date, else the day it became public.
    """
    steps = ledger.steps[scope.in_scope(ledger.steps, parameters.programme) & ~ledger.steps["doubtful"]]
    return steps.assign(rank=rank(steps["step"]), last_day=steps["date_latest"].fillna(steps["public_on"]))


def by_arrangement(ledger: Ledger, parameters: Parameters) -> pd.DataFrame:
    """One row per arrangement in scope that is on a step or off the ladder. Columns: :class:`ArrangementPosition`.

    ``origins``, ``sources``, ``support``, ``first_public_on`` and ``claim_ids`` are those of the claims that put it at its
    furthest step or beyond. ``earliest`` to ``latest`` is when that step can first have been reached (``earliest`` is missing
    where no claim dates it, or only after ``latest``). ``health`` is that of :func:`provenance.health`, *dated* where
    ``earliest`` is known. ``since`` has the codes (``a; b``) of declined, halted, ended and no_answer that were reported for a
    day not before ``latest``, ``since_claim_ids`` the claims that say so; ``stopped_since`` is true for the first three,
    ``stopped_claim_ids`` are their claims. ``also_reported`` has all codes off the ladder, ``also_claim_ids`` their claims,
    ``declined_claim_ids`` those of them that say declined, ``denial_ids`` the denials that dispute the position.
    """
    key = "arrangement_id"
    steps = steps_in_scope(ledger, parameters)
    asserted = steps[steps["stance"] == "asserts"]
    on_ladder, off_ladder = asserted[asserted["rank"].notna()], _off_ladder(asserted, parameters)

    # The furthest step of each origin; the k-th furthest of these has k origins at or beyond it.
    by_origin = on_ladder.groupby([key, "origin_id"])["rank"].max().sort_values(ascending=False)
    furthest = by_origin[by_origin.groupby(key).cumcount() == parameters.min_origins - 1].droplevel("origin_id")
    behind = on_ladder[on_ladder["rank"] >= provenance.of_each(on_ladder[key], furthest)]

    table = steps.groupby(key)[["receiver", "instrument"]].first()
    table["furthest_step"] = furthest.map(dict(enumerate(schema.LADDER))).reindex(table.index).fillna(OFF_LADDER)
    table = table.join(provenance.support(behind, key)).fillna(
        {"origins": 0, "sources": 0, "support": "", "claim_ids": ""}
    )
    table["earliest"] = behind.groupby(key)["date_earliest"].min()
    table["latest"] = behind.groupby(key)["last_day"].min()
    in_order = table["earliest"] <= table["latest"]
    table["health"] = provenance.health(table["origins"], table["support"], dated=in_order)

    since = _since(off_ladder, table["latest"])
    stopped = since[since["step"].isin(STOPPED)]
    table["since"] = since.groupby(key)["step"].agg(provenance.listed)
    table["since_claim_ids"] = since.groupby(key)["claim_id"].agg(provenance.listed)
    table["stopped_since"] = table.index.isin(stopped[key])
    table["stopped_claim_ids"] = stopped.groupby(key)["claim_id"].agg(provenance.listed)
    table["also_reported"] = off_ladder.groupby(key)["step"].agg(provenance.listed)
    table["also_claim_ids"] = off_ladder.groupby(key)["claim_id"].agg(provenance.listed)
    declined = off_ladder[off_ladder["step"] == "declined"]
    table["declined_claim_ids"] = declined.groupby(key)["claim_id"].agg(provenance.listed)
    table["denial_ids"] = _disputing(steps, table).groupby(key)["claim_id"].agg(provenance.listed)
    table = table.fillna(dict.fromkeys(JOINED, ""))
    table["disputed"] = table["denial_ids"] != ""
    table["earliest"] = table["earliest"].where(in_order)

    table = table[(table["furthest_step"] != OFF_LADDER) | (table["also_reported"] != "")]
    table = table.reset_index().astype({"origins": "int64", "sources": "int64"})
    return table[list(ArrangementPosition.__annotations__)]


def _off_ladder(asserted: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """The claims off the ladder that enough distinct origins make of the same arrangement and step."""
    claims = asserted[asserted["rank"].isna()]
    origins = claims.groupby(["arrangement_id", "step"])["origin_id"].transform("nunique")
    return claims[origins >= parameters.min_origins]


def _since(off_ladder: pd.DataFrame, reached: pd.Series) -> pd.DataFrame:
    """The claims off the ladder whose event does not lie before the day in ``reached`` (by arrangement), if it has one.

    A claim that only bounds the event from above counts only where no claim dates such an event: it may mean an earlier day.
    """
    claims = off_ladder[off_ladder["step"].isin(SINCE)]
    dated = claims["date_earliest"].notna()
    no_other = ~dated.groupby([claims["arrangement_id"], claims["step"]]).transform("any")
    day = provenance.of_each(claims["arrangement_id"], reached)
    return claims[(dated | no_other) & (day.isna() | (claims["last_day"] >= day))]


def _disputing(steps: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The denials that dispute the position of their arrangement in ``table``.

    A denial does so if it denies that step or one that the step presupposes, and speaks of a time not before the asserted
    event can have happened.
    """
    denials = steps[steps["stance"] == "denies"]
    position = table.loc[denials["arrangement_id"]].set_index(denials.index)
    presupposed = denials["rank"] <= rank(position["furthest_step"])
    in_time = position["earliest"].isna() | (denials["last_day"] >= position["earliest"])
    return denials[presupposed & in_time]


def by_country(ledger: Ledger, parameters: Parameters) -> pd.DataFrame:
    """One row per country: the furthest of its arrangements. Columns: :class:`CountryPosition`.

    What stands in the columns is that of the arrangements at the furthest step, put together; several instruments do not
    add up, each must have ``min_origins`` origins of its own. ``since`` and its claims are blank and ``stopped_since`` false
    unless something was reported since of every one of them; ``disputed`` is true if it is of any. ``also_reported`` is that
    of all the country's arrangements. The furthest come first.
    """
    arrangements = by_arrangement(ledger, parameters)
    at_furthest = furthest_of_each(arrangements)
    groups = at_furthest.groupby("receiver")
    table = groups.agg(
        furthest_step=("furthest_step", "first"),
        rank=("rank", "first"),
        instruments=("instrument", provenance.listed),
        since=("since", _of_all),
        since_claim_ids=("since_claim_ids", _of_all),
        stopped_since=("stopped_since", "all"),
        stopped_claim_ids=("stopped_claim_ids", _of_all),
        dated=("earliest", "count"),
        disputed=("disputed", "any"),
        denial_ids=("denial_ids", provenance.merged),
    )
    steps = steps_in_scope(ledger, parameters)
    on_ladder = steps[(steps["stance"] == "asserts") & steps["receiver"].map(table["rank"] >= 0).eq(True)]
    behind = on_ladder[on_ladder["rank"] >= provenance.of_each(on_ladder["receiver"], table["rank"])]
    behind = behind[behind["arrangement_id"].isin(at_furthest["arrangement_id"])]
    table = table.join(provenance.support(behind, "receiver"))
    table = table.fillna({"origins": 0, "sources": 0, "support": "", "claim_ids": ""})
    table["health"] = provenance.health(table["origins"], table["support"], dated=table["dated"] > 0)
    everywhere = arrangements.groupby("receiver")
    for column in ("also_reported", "also_claim_ids", "declined_claim_ids"):
        table[column] = everywhere[column].agg(provenance.merged)
    table = table.join(_support_beside(steps, table))
    table = table.reset_index().astype({"origins": "int64", "sources": "int64"})
    table["name"] = table["receiver"].map(places.name)
    table["region"] = [places.region(code, parameters.region_scheme) for code in table["receiver"]]
    table = table.sort_values(["rank", "name"], ascending=[False, True], ignore_index=True)
    return table[list(CountryPosition.__annotations__)]


def _of_all(joined: pd.Series) -> str:
    """What several arrangements have between them, where each of them has something; else blank."""
    return provenance.merged(joined) if (joined != "").all() else ""


# What is said beside a position: the column of its claims, and that of what they rest on.
BESIDE = {
    "also_claim_ids": "also_support",
    "declined_claim_ids": "declined_support",
    "stopped_claim_ids": "stopped_support",
    "denial_ids": "denial_support",
}


def _support_beside(steps: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """What the claims of each of :data:`BESIDE` rest on, by country, blank where there are none; and how many origins and
    sources those have that are off the ladder.
    """
    found = [
        steps[steps["claim_id"].isin(provenance.split(provenance.merged(table[ids])))].assign(beside=column)
        for ids, column in BESIDE.items()
    ]
    support = provenance.support(pd.concat(found), ["beside", "receiver"])
    by_country = support["support"].unstack("beside").reindex(index=table.index, columns=list(BESIDE.values()))
    also = support.reset_index().query("beside == 'also_support'").set_index("receiver")
    also = also[["origins", "sources"]].add_prefix("also_")
    also = also.reindex(table.index).fillna(0).astype("int64")
    return by_country.astype("str").fillna("").join(also)


def with_evidence(countries: pd.DataFrame) -> pd.DataFrame:
    """The rows of :func:`by_country`, where no step is reported with the origins, sources and support of the claims that put
    the country off the ladder.
    """
    off_ladder = countries["furthest_step"] == OFF_LADDER
    names = ("origins", "sources", "support")
    return countries.assign(**{name: countries[name].mask(off_ladder, countries[f"also_{name}"]) for name in names})


def kinds(arrangements: pd.DataFrame) -> list[str]:
    """What each row of :func:`by_arrangement` of one country is called: its instrument, with the year where that repeats.

    The year is the one in the arrangement's identifier: ``removal (2026)``; of a second one of that year ``2026, second``.
    """
    repeated = arrangements["instrument"].duplicated(keep=False)
    words = [schema.label("arrangements", "instrument", code) for code in arrangements["instrument"]]
    years = arrangements["arrangement_id"].str.rpartition("-")[2].str.replace(r"(?<=\d)b$", ", second", regex=True)
    return [f"{one} ({year})" if again else one for one, year, again in zip(words, years, repeated, strict=True)]


def furthest_of_each(arrangements: pd.DataFrame) -> pd.DataFrame:
    """The rows of :func:`by_arrangement` at the furthest step of their country, with its ``rank``; off the ladder it is -1."""
    ranked = arrangements.assign(rank=rank(arrangements["furthest_step"]).fillna(-1))
    return ranked[ranked["rank"] == ranked.groupby("receiver")["rank"].transform("max")]


def at_least(table: pd.DataFrame, step: str) -> pd.DataFrame:
    """The rows of :func:`by_country` or :func:`by_arrangement` that are at ``step`` of the ladder or further."""
    return table[rank(table["furthest_step"]) >= RANK[step]]


def by_region(countries: pd.DataFrame) -> pd.DataFrame:
    """Countries per region and position, from :func:`by_country`; the largest region first.

    Columns: ``region``, one per position (a count of countries), ``total``, ``stopped_since`` (how many of those
    that reached a step were declined, halted or ended since), ``countries`` (their names), ``claim_ids``.
    """
    ids = countries.melt("region", ["claim_ids", "also_claim_ids"])
    counts = pd.crosstab(countries["region"], countries["furthest_step"]).reindex(columns=list(POSITIONS), fill_value=0)
    groups, on_ladder = countries.groupby("region"), countries["furthest_step"] != OFF_LADDER
    counts = counts.assign(
        total=groups.size(),
        stopped_since=(countries["stopped_since"] & on_ladder).groupby(countries["region"]).sum(),
        countries=groups["name"].agg(provenance.listed),
        claim_ids=ids.groupby("region")["value"].agg(provenance.merged),
    )
    counts = counts.reset_index().rename_axis(columns=None)
    return counts.sort_values(["total", "region"], ascending=[False, True], ignore_index=True)


def reached(ledger: Ledger, parameters: Parameters) -> pd.DataFrame:
    """Since when it was public that a country had reached a step: one row per country and step it has reached.

    Columns: ``receiver``, ``step``, ``reached_on``: the first day by which, for one of the country's arrangements, claims of
    ``min_origins`` distinct origins at that step or a further one were public; ``claim_ids``: the first claim of each of
    these origins. For every day, the rows with ``reached_on`` no later than it are the steps that :func:`by_country` of the
    ledger as known on that day has behind it.
    """
    steps = steps_in_scope(ledger, parameters)
    asserted = _first_public(steps[(steps["stance"] == "asserts") & steps["rank"].notna()])
    found = []
    for step in schema.LADDER:
        enough = _enough_origins(asserted[asserted["rank"] >= RANK[step]], ["arrangement_id"], parameters)
        first = _first_public(enough).drop_duplicates("receiver")
        found.append(first.assign(step=step, reached_on=first["public_on"]))
    return pd.concat(found, ignore_index=True)[["receiver", "step", "reached_on", "claim_ids"]]


def _first_public(claims: pd.DataFrame) -> pd.DataFrame:
    """The claims in the order of their public days, those of one day by their numbers."""
    number = claims["claim_id"].map(provenance.claim_number)
    return claims.assign(number=number).sort_values(["public_on", "number"])


def _enough_origins(claims: pd.DataFrame, keys: list[str], parameters: Parameters) -> pd.DataFrame:
    """One row per group of ``claims`` (in the order of their public days) that ``min_origins`` origins report.

    It is the row with which the last of these origins came, with ``claim_ids``: the first claim of each of them.
    """
    first = claims.drop_duplicates([*keys, "origin_id"])
    first = first[first.groupby(keys).cumcount() < parameters.min_origins]
    groups = first.groupby(keys)
    last = groups.tail(1).set_index(keys)
    last["claim_ids"] = groups["claim_id"].agg(provenance.listed)
    return last[groups.size().reindex(last.index) == parameters.min_origins].reset_index()


def by_month(ledger: Ledger, parameters: Parameters, start: str = "2025-01") -> pd.DataFrame:
    """How many countries were at each position at the end of each month, as known then.

    One row per month from ``start`` (YYYY-MM) to that of ``ledger.as_of``; none if ``start`` is later. Columns: ``day`` (the
    last of the month; for the month of ``as_of`` that day itself, since the month may not be over), one per position (a count
    of countries), ``total``, ``claim_ids`` (those by which the countries had reached their positions).
    """
    months = pd.period_range(start, ledger.as_of, freq="M")
    days = [min(month.end_time.normalize(), ledger.as_of) for month in months]
    steps = steps_in_scope(ledger, parameters)
    off_ladder = _first_public(steps[(steps["stance"] == "asserts") & steps["rank"].isna()])
    off_ladder = _enough_origins(off_ladder, ["arrangement_id", "step"], parameters)
    on_ladder = reached(ledger, parameters).assign(rank=lambda rows: rank(rows["step"]))
    rows = []
    for day in days:
        known = on_ladder[on_ladder["reached_on"] <= day].sort_values("rank", ascending=False)
        furthest = known.drop_duplicates("receiver")
        counts = furthest["step"].value_counts()
        beside = off_ladder[(off_ladder["public_on"] <= day) & ~off_ladder["receiver"].isin(furthest["receiver"])]
        row = {"day": day} | {step: int(counts.get(step, 0)) for step in schema.LADDER}
        ids = provenance.merged([*furthest["claim_ids"], *beside["claim_ids"]])
        rows.append(row | {OFF_LADDER: beside["receiver"].nunique(), "claim_ids": ids})
    table = pd.DataFrame(rows, columns=["day", *POSITIONS, "claim_ids"]).astype({"day": "datetime64[s]"})
    table.insert(len(POSITIONS) + 1, "total", table[list(POSITIONS)].sum(axis=1))
    return table


def month_headline(months: pd.DataFrame) -> str:
    """The answer in a sentence: countries and territories named, only named, agreed or further, and received, in the last
    month, beside the first; and in which month most were added, with the rise of those only named where that is most of it.
    """
    if months.empty or not months["total"].iloc[-1]:
        return "No country or territory had been named by the end of any of these months."
    agreed = months[list(schema.LADDER[RANK["agreed"] :])].sum(axis=1)
    first, last = dates.show_day(months["day"].iloc[0]), dates.show_day(months["day"].iloc[-1])
    named, received = months["named"].iloc[-1], months["received"].iloc[-1]
    text = (
        f"By {last}, sources had named **{_places(months['total'].iloc[-1])}**, {named} of them only as possible "
        f"destinations; {agreed.iloc[-1]} were reported to have agreed or gone further, {received} of these to have "
        f"received people. By {first} it had been {months['total'].iloc[0]}, {agreed.iloc[0]} of them so far along."
    )
    grown = months["total"].diff()
    if len(months) < 2 or grown.max() <= 0:
        return text
    at, most = grown.idxmax(), int(grown.max())
    text += f" The largest rise was in the month that ended on {dates.show_day(months['day'][at])}: {_places(most)}"
    only_named = int(months["named"].diff()[at])
    return text + (f"; the number of those only named rose by {only_named}." if 2 * only_named > most else ".")


def _places(count: int) -> str:
    return f"{count} {'country or territory' if count == 1 else 'countries and territories'}"


def country_headline(name: str, arrangements: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """The answer for one country in a sentence: the furthest step per instrument, what was reported since, denials."""
    day = dates.show_day(as_of)
    if arrangements.empty:
        return f"By {day}, the sources read report no position of **{name}**."
    parts = []
    for row, kind in zip(arrangements.to_dict("records"), kinds(arrangements), strict=True):
        step = "no step" if row["furthest_step"] == OFF_LADDER else schema.label("steps", "step", row["furthest_step"])
        more = [f"since then {schema.label('steps', 'step', code)}" for code in provenance.split(row["since"])]
        more += ["denied by another claim"] if row["disputed"] else []
        parts.append(f"{kind}: **{step}**" + (f" ({', '.join(more)})" if more else ""))
    return f"By {day}, the furthest steps reported for **{name}** are: {'; '.join(parts)}."
