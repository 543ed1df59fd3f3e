"""Counts that others published, beside what this ledger can name under the same definition at the same day."""

import pandas as pd

from analysis import amounts, codebook, evidence, standings


def reconcile(book, parameters):
    """One row per published count.

    Columns: ``tally_id``, ``published_by``, ``known_on``, ``counted``, ``unit``, ``count`` (in words), ``definition``,
    ``named_then`` (countries that the ledger puts at that step or further with what was known on that day), ``named_now``
    (the same at ``as_of``), ``difference`` (published lower bound less named_now; missing where not countries), ``claim_ids``.
    """
    groups = evidence.pick(book.tallies, ["tally_id"], "count_min", "count_max")
    rows = []
    for _, tally in groups.iterrows():
        countable = tally["unit"] == "countries" and tally["counted"] in codebook.LADDER
        then = _named(book.known(tally["known_on"]), parameters, tally["counted"]) if countable else None
        now = _named(book, parameters, tally["counted"]) if countable else None
        floor = tally["count_min"] if amounts.present(tally["count_min"]) else tally["count_max"]
        rows.append(
            {
                "tally_id": tally["tally_id"],
                "published_by": tally["reported_by"],
                "known_on": tally["first_known"],
                "counted": tally["counted"],
                "unit": tally["unit"],
                "count": amounts.show_range(tally["count_min"], tally["count_max"]),
                "definition": tally["definition"],
                "named_then": then,
                "named_now": now,
                "difference": floor - now if countable else None,
                "claim_ids": tally["claim_ids"],
            }
        )
    columns = ["tally_id", "published_by", "known_on", "counted", "unit", "count", "definition"]
    columns += ["named_then", "named_now", "difference", "claim_ids"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"named_then": "float64", "named_now": "float64", "difference": "float64"})


def _named(book, parameters, step):
    return len(standings.at_least(standings.countries(book, parameters), step))
