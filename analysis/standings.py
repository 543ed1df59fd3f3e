"""Where each arrangement and each country stands: the furthest step reported, how well supported, what is disputed.

A step is *reported*, never established. With ``min_origins`` = k, an arrangement stands at the highest rung that k
distinct origins put it at or beyond: an origin that reports an arrival supports the rungs below it.
"""

import pandas as pd

from analysis import codebook, dates, evidence, places

NO_RUNG = "beside"
POSITIONS = (*codebook.LADDER, NO_RUNG)


def arrangements(book, parameters):
    """One row per arrangement in scope with at least one claim.

    Columns: ``arrangement_id``, ``receiver``, ``instrument``, ``position`` (a step of the ladder, or ``beside`` where only
    declined, no_answer, … is reported), ``origins``, ``sources``, ``first_known`` (of that position), ``beside`` (codes
    joined by ``; ``), ``disputed``, ``denied_by`` (publishers), ``thin`` (only digests), ``claim_ids`` (for the position).
    """
    steps = book.steps[evidence.in_scope(book.steps, parameters.programme)]
    return _stand(steps, ["arrangement_id", "receiver", "instrument"], parameters.min_origins)


def countries(book, parameters):
    """One row per country in scope with at least one claim about its position: the furthest of its arrangements.

    Columns as in :func:`arrangements` without the arrangement, plus ``name``, ``region``, ``instruments`` (at that
    position). Several instruments of one country do not add up: each must have ``min_origins`` origins of its own.
    """
    table = arrangements(book, parameters)
    if table.empty:
        return table.assign(name=[], region=[], instruments=[])
    table = table.assign(rank=[POSITIONS.index(p) if p != NO_RUNG else -1 for p in table["position"]])
    best = table.groupby("receiver")["rank"].transform("max")
    at_best = table[table["rank"] == best]
    grouped = at_best.groupby("receiver")
    steps = book.steps[evidence.in_scope(book.steps, parameters.programme)]
    steps = steps.assign(rung=evidence.rung(steps["step"]))
    support = steps[(steps["stance"] == "asserts") & steps["arrangement_id"].isin(at_best["arrangement_id"])]
    support = support[
        support["rung"].fillna(-1) >= support["receiver"].map(at_best.groupby("receiver")["rank"].first())
    ]
    by = support.groupby("receiver")
    all_of = table.groupby("receiver")
    out = pd.DataFrame(
        {
            "position": grouped["position"].first(),
            "instruments": grouped["instrument"].agg(evidence.joined),
            "origins": by["origin_id"].nunique(),
            "sources": by["source_id"].nunique(),
            "first_known": grouped["first_known"].min(),
            "beside": all_of["beside"].agg(
                lambda codes: evidence.joined(c for code in codes for c in code.split("; "))
            ),
            "disputed": grouped["disputed"].any(),
            "denied_by": grouped["denied_by"].agg(evidence.joined),
            "thin": grouped["thin"].all(),
            "claim_ids": grouped["claim_ids"].agg(lambda ids: evidence.joined(i for c in ids for i in c.split("; "))),
        }
    ).reset_index()
    out.insert(1, "name", [places.name(code) for code in out["receiver"]])
    out.insert(2, "region", [places.region(code, parameters.region_scheme) for code in out["receiver"]])
    out["rank"] = [POSITIONS.index(p) if p != NO_RUNG else -1 for p in out["position"]]
    out = out.sort_values(["rank", "name"], ascending=[False, True]).drop(columns="rank")
    return out.astype({"origins": "int64", "sources": "int64"}).reset_index(drop=True)


def _stand(steps, keys, min_origins):
    columns = [
        *keys,
        "position",
        "origins",
        "sources",
        "first_known",
        "beside",
        "disputed",
        "denied_by",
        "thin",
        "claim_ids",
    ]
    if steps.empty:
        return pd.DataFrame(columns=columns)
    key = keys[0]
    steps = steps.assign(rung=evidence.rung(steps["step"]))
    said = steps[steps["stance"] == "asserts"]
    ladder = said[said["rung"].notna()]
    best = ladder.groupby([key, "origin_id"])["rung"].max().reset_index().sort_values("rung", ascending=False)
    reached = best[best.groupby(key).cumcount() == min_origins - 1].set_index(key)["rung"]
    support = ladder[ladder["rung"] >= ladder[key].map(reached)]
    by = support.groupby(key)
    beside = said[said["rung"].isna()].groupby(key)["step"].agg(evidence.joined)
    denials = steps[(steps["stance"] == "denies") & (steps["rung"] <= steps[key].map(reached))]
    table = steps.groupby(key)[keys[1:]].first()
    table["position"] = [codebook.LADDER[int(r)] if pd.notna(r) else NO_RUNG for r in reached.reindex(table.index)]
    for column, values in (("origins", by["origin_id"].nunique()), ("sources", by["source_id"].nunique())):
        table[column] = values.reindex(table.index).fillna(0).astype("int64")
    table["first_known"] = by["known_on"].min().reindex(table.index)
    table["beside"] = beside.reindex(table.index).fillna("")
    table["denied_by"] = denials.groupby(key)["origin_publisher"].agg(evidence.joined).reindex(table.index).fillna("")
    table["disputed"] = table.index.isin(denials[key])
    digest = (support["source_kind"] == "digest").groupby(support[key]).all()
    table["thin"] = digest.reindex(table.index).fillna(False).astype(bool)
    table["claim_ids"] = by["claim_id"].agg(evidence.joined).reindex(table.index).fillna("")
    table = table[(table["position"] != NO_RUNG) | (table["beside"] != "")]
    return table.reset_index()[columns]


def country_headline(name, arrangements, as_of):
    """The answer for one country in a sentence: the furthest step per instrument, what stands beside it, denials."""
    day = dates.show_day(as_of)
    if arrangements.empty:
        return f"By {day}, the sources read report no position of **{name}**."
    parts = []
    for row in arrangements.to_dict("records"):
        instrument = codebook.label("arrangements", "instrument", row["instrument"])
        step = "no step" if row["position"] == NO_RUNG else codebook.label("steps", "step", row["position"])
        also = [codebook.label("steps", "step", code) for code in row["beside"].split("; ") if code]
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
    """The rows of :func:`countries` that stand at ``step`` of the ladder or further."""
    rank = codebook.LADDER.index(step)
    return standing[evidence.rung(standing["position"]).fillna(-1) >= rank]
