"""Counts that others published, beside what this ledger can name under the same definition at the same day."""

import pandas as pd

from analysis import amounts, codebook, evidence, places, standings

PART = "part"


def reconcile(book, parameters):
    """One row per published count.

    Columns: ``tally_id``, ``published_by``, ``known_on``, ``counted``, ``unit``, ``count`` (in words), ``definition``,
    ``among`` (region, or part), ``named_then`` (countries that the ledger puts at that step or further with what was known
    on that day), ``named_now`` (the same at ``as_of``), ``difference`` (published lower bound less named_then), ``why`` (in
    words), ``claim_ids``. Counts are missing where others than countries are counted, or a part that cannot be told.
    """
    groups = evidence.pick(book.tallies, ["tally_id", "counted"], "count_min", "count_max")
    rows, standing = [], {}  # one standing per day, however many counts were published on it
    for tally in groups.to_dict("records"):
        then = now = difference = None
        if tally["unit"] == "countries" and tally["counted"] in codebook.LADDER and tally["among"] != PART:
            for day in (tally["first_known"], book.as_of):
                if day not in standing:
                    standing[day] = standings.countries(book.known(day), parameters)
            then, now = (_named(standing[day], tally) for day in (tally["first_known"], book.as_of))
            difference = (tally["count_min"] if amounts.present(tally["count_min"]) else tally["count_max"]) - then
        rows.append(
            {
                "tally_id": tally["tally_id"],
                "published_by": tally["reported_by"],
                "known_on": tally["first_known"],
                "counted": tally["counted"],
                "unit": tally["unit"],
                "count": amounts.show_range(tally["count_min"], tally["count_max"]),
                "among": tally["among"],
                "definition": tally["definition"],
                "named_then": then,
                "named_now": now,
                "difference": difference,
                "why": _why(tally, difference),
                "claim_ids": tally["claim_ids"],
            }
        )
    columns = ["tally_id", "published_by", "known_on", "counted", "unit", "count", "among", "definition"]
    columns += ["named_then", "named_now", "difference", "why", "claim_ids"]
    table = pd.DataFrame(rows, columns=columns).sort_values(["known_on", "tally_id"]).reset_index(drop=True)
    return table.astype({"named_then": "float64", "named_now": "float64", "difference": "float64"})


def _named(standing, tally):
    reached = standings.at_least(standing, tally["counted"])
    if tally["among"]:
        reached = reached[[places.region(code, "un_m49_region") == tally["among"] for code in reached["receiver"]]]
    return len(reached)


def _why(tally, difference):
    if tally["unit"] != "countries":
        return f"counts {codebook.label('tallies', 'unit', tally['unit'])}, not countries"
    if tally["among"] == PART:
        return "counts a part that the source does not list"
    if difference is None:
        return "counts what is no step"
    if difference > 0:
        return f"{int(difference)} of them are named by no source read here at that step on that day"
    if difference < 0:
        return f"{-int(difference)} more were reported at that step by other origins on that day"
    return "the same number"
