"""Tables of what the ledger rests on: published counts, origins, differences, sources, readers, choices."""

import pandas as pd

from analysis.display import text
from analysis.display.tables import column
from analysis.display.tables.column import Column
from analysis.display.tables.table import Table
from analysis.ledger import schema
from analysis.values import countries, dates, ranges
from analysis.views import answers, choose, payments, sensitivity


def tallies(rows: pd.DataFrame) -> Table:
    """Published counts beside what the ledger can name, from :func:`tallies.reconcile`."""
    shown = (
        column.text("first_reported_by", "Published by"),
        column.day("first_public_on", "Public by"),
        Column("Count", column.published_count, numeric=True),
        column.text("definition", "What is counted"),
        column.text("among", "Among"),
        column.count("named_then", "Named here, known then"),
        column.count("difference", "Difference"),
        column.text("why", "Why"),
        column.count("named_now", "Named here, known now"),
        column.SUPPORT,
        column.CLAIMS,
    )
    return Table("tallies", "Counts published by others, beside the countries this ledger can name", rows, shown)


def copies(rows: pd.DataFrame) -> Table:
    """Origins and the sources that retell them, from :func:`provenance.copies`."""
    shown = (
        column.text("publisher", "Origin"),
        column.sources("origin_id", "Identifier"),
        column.code("sources", "read", "Read here"),
        column.day("public_on", "Public by"),
        column.count("sources", "Sources that carry it"),
        column.count("claims", "Claims"),
        column.sources("retold_in", "Carried by"),
    )
    return Table("origins", "Who first reported it, and which sources carry it", rows, shown)


def agreement(rows: pd.DataFrame) -> Table:
    """Agreement of two independent readers, from :func:`reader_agreement.summary`."""
    shown = (
        column.text("measure", "What was compared"),
        column.count("agree", "Same"),
        column.count("of", "Of"),
        Column("Share", lambda row: f"{row['share']:.0%}", numeric=True),
        Column(
            "Cohen's kappa", lambda row: f"{row['kappa']:.2f}" if ranges.present(row["kappa"]) else "", numeric=True
        ),
    )
    return Table("agreement", "Two readers coded the same sources without seeing each other's rows", rows, shown)


def quantities(rows: pd.DataFrame) -> Table:
    """The answers with what they rest on, from :func:`answers.table`."""
    shown = (
        column.text("label", "Number"),
        column.count("value", "Value"),
        column.text("unit", "Unit"),
        column.count("countries", "Countries"),
        column.SUPPORT,
        column.CLAIMS,
    )
    return Table("answers", "The numbers of this report, each with the claims behind it", rows, shown)


def choices(rows: pd.DataFrame, labels: dict[str, answers.Answer]) -> Table:
    """The answers under each choice, from :func:`sensitivity.by_choice`."""
    numbers = [column.count(name, labels[name].label) for name in sensitivity.SHOWN]
    others = text.plural(max(len(rows) - 1, 0), "other choice")
    caption = f"The answers as published, and under each of {others}, one at a time"
    return Table("choices", caption, rows, (column.text("choice", "Choice"), *numbers))


def region_schemes(rows: pd.DataFrame) -> Table:
    """Countries that agreed or went further, by region, under each scheme; from :func:`sensitivity.by_region_scheme`."""
    shown = (
        column.text("scheme", "Scheme"),
        column.text("region", "Region"),
        column.count("countries_agreed", "Agreed or further"),
        column.count("countries_received", "Received people"),
        column.CLAIMS,
    )
    return Table("region_schemes", "Countries by region, under each region scheme", rows, shown)


def conflicts(payment_rows: pd.DataFrame, transfer_rows: pd.DataFrame, date_rows: pd.DataFrame) -> Table:
    """Groups of claims that differ: value shown, full range, the rule that chose, what differs.

    Takes the results of :func:`payments.reported`, :func:`transfers.reported` and :func:`choose.date_conflicts`.
    """
    rows = []
    for row in choose.conflicts(payment_rows, "unit").to_dict("records"):
        whole = row | {"amount_min": row["range_low"], "amount_max": row["range_high"]}
        what = f"money, {schema.label('payments', 'stage', row['stage'])}"
        rows.append(row | {"what": what, "chosen": payments.show_amount(row), "full": payments.show_amount(whole)})
    for row in choose.conflicts(transfer_rows, "population").to_dict("records"):
        what = f"people, {schema.label('transfers', 'population', row['population'])}"
        chosen = ranges.show_range(row["people_min"], row["people_max"])
        rows.append(
            row | {"what": what, "chosen": chosen, "full": ranges.show_range(row["range_low"], row["range_high"])}
        )
    for row in date_rows.to_dict("records"):
        what = f"day, {schema.label('steps', 'step', row['step'])}"
        rows.append(row | {"what": what, "chosen": dates.show(row["chosen"])})
    columns = ["receiver", "name", "what", "chosen", "full", "rule", "differs", "origins", "claim_ids"]
    frame = pd.DataFrame([row | {"name": countries.name(row["receiver"])} for row in rows], columns=columns)
    shown = (
        column.COUNTRY,
        column.text("what", "What"),
        column.text("chosen", "Shown"),
        column.text("full", "Full range"),
        column.text("rule", "Why this figure"),
        column.text("differs", "What differs"),
        column.count("origins", "Origins"),
        column.CLAIMS,
    )
    return Table("conflicts", "Where claims about the same thing differ", frame, shown)


def sources(rows: pd.DataFrame) -> Table:
    """Every source read or credited, from :func:`provenance.source_list`."""
    shown = (
        column.sources("source_id", "Identifier"),
        column.text("publisher", "Publisher"),
        column.text("title", "Title"),
        Column("Published", lambda row: dates.show(row["published"]) if row["published"] else "unknown"),
        column.code("sources", "kind", "Kind"),
        column.code("sources", "read", "Read"),
        column.count("claims", "Claims read in it"),
        column.count("as_origin", "Claims it first reported"),
    )
    return Table("sources", "Sources read, and the origins they credit", rows, shown)
