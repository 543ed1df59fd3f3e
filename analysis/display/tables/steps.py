"""Where countries and arrangements stand."""

from analysis.display.tables import column
from analysis.display.tables.column import Column
from analysis.display.tables.table import Table
from analysis.ledger import schema
from analysis.values import countries
from analysis.views import positions


def _position(row):
    return "none" if row["position"] == positions.NO_RUNG else positions.label(row["position"])


POSITION = Column("Furthest step reported", _position)
COUNTS = (*(column.count(step, positions.label(step)) for step in positions.POSITIONS), column.count("total", "all"))
SUPPORT = (
    column.count("origins", "Origins"),
    column.count("sources", "Sources"),
    column.code("steps", "step", "Also reported", "beside"),
    column.FLAGS,
)


def by_region(regions, scheme):
    """Countries per region and step."""
    named = countries.REGION_SCHEMES[scheme]
    shown = (column.text("region", named), *COUNTS, column.text("countries", "Countries"))
    return Table("countries_by_region", f"Countries by {named} and furthest step reported", regions, shown)


def standing_by_month(rows):
    """Countries per step, one row per month, as known at its end."""
    caption = "Countries by furthest step reported, as known at the end of each month"
    return Table("standing_by_month", caption, rows, (column.day("day", "Known by"), *COUNTS))


def reached(rows):
    """One row per country: since when it was public that it stood at each step or further."""
    days = rows.pivot(index="receiver", columns="step", values="reached_on").reindex(columns=list(schema.LADDER))
    frame = days.rename_axis(columns=None).reset_index()
    frame.insert(1, "name", [countries.name(code) for code in frame["receiver"]])
    frame = frame.sort_values("name", ignore_index=True)
    steps = [column.day(step, positions.label(step)) for step in schema.LADDER]
    caption = "The day by which it was public that a country stood at a step or further"
    return Table("reached", caption, frame, (column.text("name", "Country"), *steps))


def country_positions(standing, name="countries", caption="Countries and the furthest step reported"):
    """One row per country: position, support, marks, claims."""
    shown = (
        column.text("name", "Country"),
        column.text("region", "Region"),
        POSITION,
        column.code("arrangements", "instrument", "Instrument", "instruments"),
        *SUPPORT,
        column.day("first_known", "Public by"),
        column.CLAIMS,
    )
    return Table(name, caption, standing, shown)


def arrangement_positions(standing, name="arrangements", caption="Arrangements and the furthest step reported"):
    """One row per arrangement: a country can stand differently for each instrument."""
    frame = standing.assign(name=[countries.name(code) for code in standing["receiver"]])
    shown = (
        column.text("name", "Country"),
        column.code("arrangements", "instrument", "Instrument"),
        POSITION,
        *SUPPORT,
        column.text("denied_by", "Denied in"),
        column.CLAIMS,
    )
    return Table(name, caption, frame, shown)


def disputes(rows):
    """Positions that a claim denies."""
    return arrangement_positions(rows, "disputes", "Positions denied by another claim; both are shown")
