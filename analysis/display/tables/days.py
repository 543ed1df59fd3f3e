"""When it happened, and when it became public."""

from analysis.display.tables import column
from analysis.display.tables.table import Table


def timing(rows):
    """Spans of approach, agreement and arrival, and when they became public."""
    shown = (
        column.text("name", "Country"),
        column.text("region", "Region"),
        column.span("approach", "Approached"),
        column.span("agreement", "Agreement reported for"),
        column.span("arrival", "Arrival reported for"),
        column.span("public", "First made public"),
        column.known_between("lag_min", "lag_max", "Days from approach to report"),
        column.CLAIMS,
    )
    return Table("timing", "When each country was approached, agreed and received people, as reported", rows, shown)


def cumulative(rows, name="contact_cumulative", caption="Countries approached or further along, cumulative bounds"):
    """How many countries had the event behind them by each day: at least, at most."""
    shown = (column.day("day", "By the end of"), column.count("low", "At least"), column.count("high", "At most"))
    return Table(name, caption, rows, shown)
