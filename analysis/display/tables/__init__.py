"""Display tables: a view's frame with the columns to show, in words. The frame itself is what is published as CSV.

What belongs elsewhere: computing (the views), drawing (``charts``). Nothing here writes a file. One module per subject,
on top of ``column`` and ``table``.
"""

from analysis.display.tables.claims_table import CLAIMS, claims
from analysis.display.tables.column import Column
from analysis.display.tables.days import cumulative, timing
from analysis.display.tables.money import FIRMNESS, payment_totals, payments_by_stage, prices, reported_payments
from analysis.display.tables.movements import destinations, transfers
from analysis.display.tables.steps import (
    acts,
    arrangement_positions,
    by_region,
    country_positions,
    country_support,
    denials,
    positions_by_month,
    reached,
)
from analysis.display.tables.support import (
    agreement,
    choices,
    conflicts,
    copies,
    quantities,
    region_schemes,
    sources,
    tallies,
)
from analysis.display.tables.table import Table

__all__ = [
    "CLAIMS", "FIRMNESS", "Column", "Table", "acts", "agreement", "arrangement_positions", "by_region", "choices", "claims",
    "conflicts", "copies", "country_positions", "country_support", "cumulative", "denials", "destinations", "payment_totals",
    "payments_by_stage", "positions_by_month", "prices", "quantities", "reached", "region_schemes", "reported_payments",
    "sources", "tallies", "timing", "transfers",
]  # fmt: skip
