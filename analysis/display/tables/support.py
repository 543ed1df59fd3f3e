"""What the ledger rests on: published counts, origins, differences, sources, the agreement of its readers."""

import pandas as pd

from analysis.display.tables import column
from analysis.display.tables.column import Column
from analysis.display.tables.table import Table
from analysis.ledger import schema
from analysis.values import countries, dates, ranges
from analysis.views import choose, payments


def tallies(rows):
    """Published counts beside what the ledger can name."""
    shown = (
        column.text("published_by", "Published by"),
        column.day("public_on", "Public by"),
        column.text("count", "Count"),
        Column("What is counted", lambda row: row["definition"]),
        column.text("among", "Among"),
        column.count("named_then", "Named here, known then"),
        column.count("difference", "Difference"),
        column.text("why", "Why"),
        column.count("named_now", "Named here, known now"),
        column.CLAIMS,
    )
    return Table("tallies", "Counts published by others, beside the countries this ledger can name", rows, shown)


def copies(rows):
    """Origins and the sources that retell them."""
    shown = (
        column.text("publisher", "Origin"),
        column.text("origin_id", "Identifier"),
        column.code("sources", "read", "Read here"),
        column.day("public_on", "Published by"),
        column.count("sources", "Sources that carry it"),
        column.count("claims", "Claims"),
        column.text("retold_in", "Carried by"),
    )
    return Table("origins", "Who first reported it, and which sources carry it", rows, shown)


def agreement(rows):
    """Agreement of two independent readers, measure by measure."""
    shown = (
        column.text("measure", "What"),
        column.count("agree", "Same"),
        column.count("of", "Of"),
        Column("Share", lambda row: f"{row['agree'] / row['of']:.0%}", True),
        Column("Cohen's kappa", lambda row: f"{row['kappa']:.2f}" if ranges.present(row["kappa"]) else "", True),
    )
    return Table("agreement", "Two readers coded the same sources without seeing each other's rows", rows, shown)


def conflicts(payment_rows, transfer_rows, date_rows):
    """Groups of claims that differ: chosen value, full range, the rule that chose, what differs.

    Takes the results of ``payments.reported``, ``transfers.reported`` and ``evidence.date_conflicts``.
    """
    rows = []
    for row in choose.conflicts(payment_rows, "unit").to_dict("records"):
        code = schema.label("payments", "stage", row["stage"])
        full = payments.show_amount(row | {"amount_min": row["range_low"], "amount_max": row["range_high"]})
        rows.append(
            row
            | {
                "about": countries.name(row["receiver"]),
                "what": f"money, {code}",
                "chosen": payments.show_amount(row),
                "full": full,
            }
        )
    for row in choose.conflicts(transfer_rows, "population").to_dict("records"):
        code = schema.label("transfers", "population", row["population"])
        chosen = ranges.show_range(row["people_min"], row["people_max"])
        full = ranges.show_range(row["range_low"], row["range_high"])
        rows.append(
            row | {"about": countries.name(row["receiver"]), "what": f"people, {code}", "chosen": chosen, "full": full}
        )
    for row in date_rows.to_dict("records"):
        code = schema.label("steps", "step", row["step"])
        rows.append(
            row
            | {
                "about": countries.name(row["receiver"]),
                "what": f"day, {code}",
                "chosen": dates.show(row["chosen"]),
                "full": row["full"],
            }
        )
    columns = ["about", "what", "chosen", "full", "rule", "differs", "origins", "claim_ids"]
    shown = (
        column.text("about", "About"),
        column.text("what", "What"),
        column.text("chosen", "Shown"),
        column.text("full", "Full range"),
        column.text("rule", "Chosen by"),
        column.text("differs", "What differs"),
        column.count("origins", "Origins"),
        column.CLAIMS,
    )
    frame = pd.DataFrame(rows, columns=columns)
    return Table("conflicts", "Where claims about the same thing differ", frame, shown)


def sources(rows):
    """Every source read or credited."""
    shown = (
        column.text("source_id", "Identifier"),
        column.text("publisher", "Publisher"),
        column.text("title", "Title"),
        Column("Published", lambda row: dates.show(row["published"]) if row["published"] else "unknown"),
        column.code("sources", "kind", "Kind"),
        column.code("sources", "read", "Read"),
        column.count("claims", "Claims read in it"),
        column.count("as_origin", "Claims it first reported"),
    )
    return Table("sources", "Sources read, and the origins they credit", rows, shown)
