"""Tables of people: by movement and by destination."""

import pandas as pd

from analysis.display.tables import column
from analysis.display.tables.column import Column
from analysis.display.tables.table import Table
from analysis.values import countries
from analysis.views.transfers import nationalities

MOVEMENTS = "Movements, running totals, plans and ceilings reported"


def transfers(rows: pd.DataFrame, name: str = "transfers", caption: str = MOVEMENTS) -> Table:
    """One row per movement and what its number counts, from :func:`transfers.reported`."""
    shown = (
        column.COUNTRY,
        column.between("people_min", "people_max", "People"),
        column.between("range_low", "range_high", "Full range"),
        column.code("transfers", "population", "What is counted"),
        column.edtf("date", "When"),
        Column(
            "Citizens of, as far as named",
            lambda row: ", ".join(countries.name(code) for code in nationalities(row)),
        ),
        column.text("origin_publisher", "This figure from"),
        column.text("first_reported_by", "Movement first reported by"),
        column.count("origins", "Origins"),
        column.SUPPORT,
        column.text("rule", "Why this figure"),
        column.CLAIMS,
        column.claims("denial_ids", "Denials"),
    )
    return Table(name, caption, rows, shown)


def destinations(rows: pd.DataFrame) -> Table:
    """People per destination, from :func:`transfers.by_destination`: at least, and beside it what is never added."""
    shown = (
        column.COUNTRY,
        column.count("people_at_least", "People, at least"),
        column.text("rests_on", "Taken from"),
        column.SUPPORT,
        column.count("movements", "Single movements"),
        column.known_between("movements_low", "movements_high", "People in them"),
        column.known_between("running_total_low", "running_total_high", "Largest running total"),
        column.known_between("mixed_low", "mixed_high", "Largest movement with own nationals"),
        column.known_between("cap_low", "cap_high", "Ceiling"),
        column.known_between("planned_low", "planned_high", "Planned"),
        column.CLAIMS,
        column.claims("other_claim_ids", "Other claims"),
    )
    caption = "People moved by destination; ceilings and plans are never added"
    return Table("destinations", caption, rows, shown)
