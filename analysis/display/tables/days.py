"""Tables of days: when it happened, and when it became public."""

import pandas as pd

from analysis.display.tables import column
from analysis.display.tables.table import Table


def timing(rows: pd.DataFrame) -> Table:
    """Spans of approach, agreement and arrival, and when they became public; from :func:`timing.by_country`."""
    shown = (
        column.COUNTRY,
        column.text("region", "Region"),
        column.span("approach", "Approached"),
        column.span("agreement", "Agreement reported for"),
        column.span("arrival", "Arrival reported for"),
        column.span("public", "First made public"),
        column.known_between("lag_days_min", "lag_days_max", "Days from approach to report"),
        column.SUPPORT,
        column.CLAIMS,
    )
    return Table("timing", "When each country was approached, agreed and received people, as reported", rows, shown)


def cumulative(
    rows: pd.DataFrame,
    name: str = "contact_cumulative",
    caption: str = "Countries approached or further along, cumulative bounds",
) -> Table:
    """How many countries had the event behind them by each day, from :func:`timing.cumulative`."""
    shown = (
        column.day("day", "By the end of"),
        column.count("countries_low", "At least"),
        column.count("countries_high", "At most"),
        column.claims("claim_ids", "Claims of the countries added"),
    )
    return Table(name, caption, rows, shown)
