"""People moved, and beside them what is never added."""

from analysis.display.tables import column
from analysis.display.tables.column import Column
from analysis.display.tables.table import Table
from analysis.values import countries, dates, ranges


def transfers(rows, name="transfers", caption="Movements of people reported"):
    """One row per movement: how many, what the number counts, when, who reported it."""
    shown = (
        column.text("name", "Destination"),
        column.between("people_min", "people_max", "People"),
        column.between("range_low", "range_high", "Full range"),
        column.code("transfers", "population", "What is counted"),
        Column("When", lambda row: dates.show(row["date"])),
        Column("Citizens of", lambda row: ", ".join(countries.name(c) for c in row["nationalities"].split(";") if c)),
        column.text("reported_by", "First reported by"),
        column.count("origins", "Origins"),
        column.text("rule", "Chosen by"),
        column.FLAGS,
        column.CLAIMS,
    )
    return Table(name, caption, rows, shown)


def destinations(rows):
    """People in single movements per destination, and beside them what is never added."""
    shown = (
        column.text("name", "Destination"),
        column.count("movements", "Single movements"),
        Column(
            "People in them",
            lambda row: ranges.show_range(row["people_low"], row["people_high"]) if row["movements"] else "",
            True,
        ),
        column.known_between("mixed_low", "mixed_high", "Largest movement with own nationals"),
        column.known_between("cumulative_low", "cumulative_high", "Largest running total"),
        column.known_between("cap_low", "cap_high", "Ceiling"),
        column.known_between("planned_low", "planned_high", "Planned"),
    )
    return Table(
        "destinations", "People moved by destination; ceilings, plans and running totals are not added", rows, shown
    )
