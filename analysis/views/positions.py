"""Where each arrangement and each country stands: the furthest step reported, how well supported, what is disputed.

A step is *reported*, never established. With ``min_origins`` = k, an arrangement stands at the highest rung that k
distinct origins put it at or beyond: an origin that reports an arrival supports the rungs below it.
"""

import numpy as np
import pandas as pd

from analysis.ledger import schema
from analysis.values import countries, dates
from analysis.views import provenance, scope

NO_RUNG = "beside"
POSITIONS = (*schema.LADDER, NO_RUNG)
STEP_COLUMNS = ["claim_id", "arrangement_id", "receiver", "instrument", "step", "stance", "public_on"]
STEP_COLUMNS += ["source_id", "source_kind", "origin_id", "origin_publisher"]
STANDING = ["arrangement_id", "receiver", "instrument", "position", "origins", "sources", "first_known", "beside"]
STANDING += ["disputed", "denied_by", "thin", "claim_ids"]


def rung(steps):
    """The rank of each step on the ladder, missing for steps beside it."""
    return steps.map({step: number for number, step in enumerate(schema.LADDER)})


def label(position):
    """A position in words: a step's in the codebook's, and in ours for what stands beside the ladder."""
    beside = "no step, but declined, no answer or stopped"
    return beside if position == NO_RUNG else schema.label("steps", "step", position)


def by_arrangement(book, parameters):
    """One row per arrangement in scope with at least one claim.

    Columns: ``arrangement_id``, ``receiver``, ``instrument``, ``position`` (a step of the ladder, or ``beside`` where only
    declined, no_answer, … is reported), ``origins``, ``sources``, ``first_known`` (of that position), ``beside`` (codes
    joined by ``; ``), ``disputed``, ``denied_by`` (publishers), ``thin`` (only digests), ``claim_ids`` (for the position).
    """
    return _stand(_scoped(book, parameters), parameters.min_origins)


def by_country(book, parameters):
    """One row per country in scope with at least one claim about its position: the furthest of its arrangements.

    Columns as in :func:`by_arrangement` without the arrangement, plus ``name``, ``region``, ``instruments`` (at that
    position). Several instruments of one country do not add up: each must have ``min_origins`` origins of its own.
    """
    steps = _scoped(book, parameters)
    table = _stand(steps, parameters.min_origins)
    if table.empty:
        return table.assign(name=[], region=[], instruments=[])
    table = table.assign(rank=rung(table["position"]).fillna(-1))
    at_best = table[table["rank"] == table.groupby("receiver")["rank"].transform("max")]
    grouped = at_best.groupby("receiver")
    rank = grouped["rank"].first()
    support = steps[(steps["stance"] == "asserts") & steps["arrangement_id"].isin(at_best["arrangement_id"])]
    support = support[support["rung"].fillna(-1) >= support["receiver"].map(rank)]
    by = support.groupby("receiver")
    beside = steps[(steps["stance"] == "asserts") & steps["rung"].isna()]
    on_ladder = support[support["rung"].notna() & (support["receiver"].map(rank) >= 0)]
    out = pd.DataFrame(
        {
            "position": grouped["position"].first(),
            "instruments": provenance.joined_by(at_best["receiver"], at_best["instrument"]),
            "origins": by["origin_id"].nunique(),
            "sources": by["source_id"].nunique(),
            "first_known": grouped["first_known"].min(),
            "beside": _words(beside["receiver"], beside["step"], rank.index),
            "disputed": grouped["disputed"].any(),
            "denied_by": provenance.joined_by(at_best["receiver"], at_best["denied_by"]),
            "thin": grouped["thin"].all(),
            "claim_ids": _words(on_ladder["receiver"], on_ladder["claim_id"], rank.index),
        }
    )
    out = out.rename_axis("receiver").reset_index()
    out.insert(1, "name", [countries.name(code) for code in out["receiver"]])
    out.insert(2, "region", [countries.region(code, parameters.region_scheme) for code in out["receiver"]])
    out["rank"] = rank.to_numpy()
    out = out.sort_values(["rank", "name"], ascending=[False, True]).drop(columns="rank")
    return out.astype({"origins": "int64", "sources": "int64"}).reset_index(drop=True)


def _scoped(book, parameters):
    """The steps in scope, with their rank on the ladder and only the columns that a position is made of."""
    steps = book.steps.loc[scope.in_scope(book.steps, parameters.programme), STEP_COLUMNS]
    return steps.assign(rung=rung(steps["step"]))


def _words(keys, values, index):
    return provenance.joined_by(keys, values).reindex(index).fillna("")


def _stand(steps, min_origins):
    if steps.empty:
        return pd.DataFrame(columns=STANDING)
    key = "arrangement_id"
    said = steps[steps["stance"] == "asserts"]
    ladder = said[said["rung"].notna()]
    best = ladder.groupby([key, "origin_id"])["rung"].max().reset_index().sort_values("rung", ascending=False)
    reached = best[best.groupby(key).cumcount() == min_origins - 1].set_index(key)["rung"]
    support = ladder[ladder["rung"] >= ladder[key].map(reached)]
    by = support.groupby(key)
    beside = said[said["rung"].isna()]
    denials = steps[(steps["stance"] == "denies") & (steps["rung"] <= steps[key].map(reached))]
    table = steps.groupby(key)[["receiver", "instrument"]].first()
    table["position"] = reached.reindex(table.index).map(dict(enumerate(schema.LADDER))).fillna(NO_RUNG)
    for column, values in (("origins", by["origin_id"].nunique()), ("sources", by["source_id"].nunique())):
        table[column] = values.reindex(table.index).fillna(0).astype("int64")
    table["first_known"] = by["public_on"].min().reindex(table.index)
    table["beside"] = _words(beside[key], beside["step"], table.index)
    table["denied_by"] = _words(denials[key], denials["origin_publisher"], table.index)
    table["disputed"] = table.index.isin(denials[key])
    digest = (support["source_kind"] == "digest").groupby(support[key]).all()
    table["thin"] = digest.reindex(table.index).fillna(False).astype(bool)
    table["claim_ids"] = _words(support[key], support["claim_id"], table.index)
    table = table[(table["position"] != NO_RUNG) | (table["beside"] != "")]
    return table.reset_index()[STANDING]


def reached(book, parameters):
    """One row per country and step of the ladder that it has reached: since when the ledger puts it there or further.

    Columns: ``receiver``, ``step``, ``reached_on``: the first day by which, for one of the country's arrangements in scope,
    claims of ``min_origins`` distinct origins at that step or a further one were public. For every day, the rows with
    ``reached_on`` no later than it are the steps that :func:`by_country` of the ledger as known by that day has behind it.
    """
    steps = _scoped(book, parameters)
    steps = steps[(steps["stance"] == "asserts") & steps["rung"].notna() & steps["public_on"].notna()]
    steps = steps.dropna(subset=["arrangement_id", "origin_id"]).sort_values("public_on", kind="stable")
    pair = pd.factorize(steps["arrangement_id"])[0] * len(steps) + pd.factorize(steps["origin_id"])[0]
    steps = steps.assign(pair=pair, arrangement_id=pair // max(len(steps), 1))
    found = []
    for rank, step in enumerate(schema.LADDER):
        first = steps[steps["rung"] >= rank].drop_duplicates("pair")
        enough = first[first.groupby("arrangement_id").cumcount() == parameters.min_origins - 1]
        days = enough.groupby("receiver")["public_on"].min()
        found.append(pd.DataFrame({"receiver": days.index, "step": step, "reached_on": days.to_numpy()}))
    table = pd.concat(found, ignore_index=True)
    return table.astype({"receiver": "str", "step": "str", "reached_on": "datetime64[s]"})


def by_month(book, parameters, start="2025-02"):
    """How many countries stood at each position at the end of each month, as known then.

    One row per month from ``start`` (YYYY-MM) to that of ``book.as_of``. Columns: ``day`` (the last of the month; for the
    month of ``as_of`` that day itself, since a month that is not over has no end yet), one per position (the number of
    countries whose furthest step it was, and ``beside``), ``total``. No row if ``start`` is later than ``as_of``.
    """
    months = pd.period_range(start, book.as_of, freq="M")
    days = months.end_time.normalize().astype("datetime64[s]")
    days = days.where(days <= book.as_of, book.as_of)
    reached_on = reached(book, parameters)
    behind = {step: number_by(days, reached_on.loc[reached_on["step"] == step, "reached_on"]) for step in schema.LADDER}
    steps = _scoped(book, parameters)
    beside = steps[(steps["stance"] == "asserts") & steps["rung"].isna()].groupby("receiver")["public_on"].min()
    named = reached_on[reached_on["step"] == schema.LADDER[0]].set_index("receiver")["reached_on"]
    # A country that steps onto the ladder later stands beside it no longer.
    left = pd.concat([beside, named.reindex(beside.index)], axis=1).max(axis=1, skipna=False)
    further = [*schema.LADDER[1:], None]
    table = pd.DataFrame({"day": days})
    for step, beyond in zip(schema.LADDER, further, strict=True):
        table[step] = behind[step] - (behind[beyond] if beyond else 0)
    table[NO_RUNG] = number_by(days, beside) - number_by(days, left)
    return table.assign(total=table[list(POSITIONS)].sum(axis=1))


def month_headline(months):
    """The answer in a sentence: countries with a position, and those agreed or further, in the first and the last month."""
    if months.empty or not months["total"].iloc[-1]:
        return "No country's position had been reported by the end of any of these months."
    firm = months[list(schema.LADDER[schema.LADDER.index("agreed") :])].sum(axis=1)
    first, last = (dates.show_day(months["day"].iloc[n]) for n in (0, -1))
    text = (
        f"By {last}, sources had reported a position of **{months['total'].iloc[-1]} countries**, {firm.iloc[-1]} of them to "
        f"have agreed or gone further; by {first} it had been {months['total'].iloc[0]}, {firm.iloc[0]} of them so far along."
    )
    grown = months["total"].diff()
    if len(months) < 2 or grown.max() <= 0:
        return text
    day = dates.show_day(months["day"][grown.idxmax()])
    return text + f" Most were added in the month that ended on {day}: {int(grown.max())}."


def number_by(days, since):
    """How many of ``since`` (a Series of days, one per country) are no later than each of ``days``: an array of counts."""
    return np.searchsorted(np.sort(since.dropna().to_numpy()), days.to_numpy(), side="right")


def country_headline(name, arrangements, as_of):
    """The answer for one country in a sentence: the furthest step per instrument, what stands beside it, denials."""
    day = dates.show_day(as_of)
    if arrangements.empty:
        return f"By {day}, the sources read report no position of **{name}**."
    parts = []
    for row in arrangements.to_dict("records"):
        instrument = schema.label("arrangements", "instrument", row["instrument"])
        step = "no step" if row["position"] == NO_RUNG else schema.label("steps", "step", row["position"])
        also = [schema.label("steps", "step", code) for code in row["beside"].split("; ") if code]
        also += ["denied by another claim"] if row["disputed"] else []
        parts.append(f"{instrument}: **{step}**" + (f" (also {', '.join(also)})" if also else ""))
    return f"By {day}, the furthest steps reported for **{name}** are: {'; '.join(parts)}."


def by_region(standing):
    """Countries per region and position: ``region``, one column per position (a count), ``total``, ``countries`` (names).

    Every region in which a country has a position, the largest first.
    """
    counts = pd.crosstab(standing["region"], standing["position"]).reindex(columns=list(POSITIONS), fill_value=0)
    counts["total"] = counts.sum(axis=1)
    counts["countries"] = standing.sort_values("name").groupby("region")["name"].agg("; ".join)
    counts = counts.reset_index().sort_values(["total", "region"], ascending=[False, True])
    counts.columns.name = None
    return counts.reset_index(drop=True)


def at_least(standing, step):
    """The rows of :func:`by_country` that stand at ``step`` of the ladder or further."""
    rank = schema.LADDER.index(step)
    return standing[rung(standing["position"]).fillna(-1) >= rank]
