"""Display tables: a view's frame with the columns to show, in words. The frame itself is what is published as CSV.

What belongs elsewhere: computing (the views), drawing (``charts``). Nothing here writes a file. One module per subject,
on top of ``column`` and ``table``.
"""

from analysis.tables.column import Column
from analysis.tables.days import cumulative, timing
from analysis.tables.money import payment_totals, payments_by_stage, prices, reported_payments
from analysis.tables.movements import destinations, transfers
from analysis.tables.said import claims
from analysis.tables.steps import arrangements, by_region, countries, disputes, reached, standing_by_month
from analysis.tables.support import agreement, conflicts, copies, sources, tallies
from analysis.tables.table import Sentence, Table

__all__ = [
    "Column",
    "Sentence",
    "Table",
    "agreement",
    "arrangements",
    "by_region",
    "claims",
    "conflicts",
    "copies",
    "countries",
    "cumulative",
    "destinations",
    "disputes",
    "payment_totals",
    "payments_by_stage",
    "prices",
    "reached",
    "reported_payments",
    "sources",
    "standing_by_month",
    "tallies",
    "timing",
    "transfers",
]
