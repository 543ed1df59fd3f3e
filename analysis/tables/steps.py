"""Where countries and arrangements stand."""

from analysis import codebook, places
from analysis.tables import column
from analysis.tables.column import Column
from analysis.tables.table import Table


def by_region(regions, scheme):
    """Countries per region and step."""
    steps = [(step, codebook.label("steps", "step", step)) for step in codebook.LADDER]
    shown = [column.text("region", places.REGION_SCHEMES[scheme])]
    shown += [column.count(step, label) for step, label in steps] + [
        column.count("beside", "no step, but declined, no answer or stopped")
    ]
    shown += [column.count("total", "all"), column.text("countries", "Countries")]
    return Table(
        "countries_by_region",
        f"Countries by {places.REGION_SCHEMES[scheme]} and furthest step reported",
        regions,
        tuple(shown),
    )


def standing_by_month(rows):
    """Countries per step, one row per month, as known at its end."""
    steps = [column.count(step, codebook.label("steps", "step", step)) for step in codebook.LADDER]
    shown = (
        column.day("day", "Known by"),
        *steps,
        column.count("beside", "no step, but declined, no answer or stopped"),
        column.count("total", "all"),
    )
    caption = "Countries by furthest step reported, as known at the end of each month"
    return Table("standing_by_month", caption, rows, shown)


def reached(rows):
    """One row per country: since when it was public that it stood at each step or further."""
    days = rows.pivot(index="receiver", columns="step", values="reached_on").reindex(columns=list(codebook.LADDER))
    frame = days.rename_axis(columns=None).reset_index()
    frame.insert(1, "name", [places.name(code) for code in frame["receiver"]])
    frame = frame.sort_values("name", ignore_index=True)
    steps = [column.day(step, codebook.label("steps", "step", step)) for step in codebook.LADDER]
    caption = "The day by which it was public that a country stood at a step or further"
    return Table("reached", caption, frame, (column.text("name", "Country"), *steps))


def countries(standing, name="countries", caption="Countries and the furthest step reported"):
    """One row per country: position, support, marks, claims."""
    shown = (
        column.text("name", "Country"),
        column.text("region", "Region"),
        Column("Furthest step reported", _position),
        column.code("arrangements", "instrument", "Instrument", "instruments"),
        column.count("origins", "Origins"),
        column.count("sources", "Sources"),
        column.code("steps", "step", "Also reported", "beside"),
        column.FLAGS,
        column.day("first_known", "Public by"),
        column.CLAIMS,
    )
    return Table(name, caption, standing, shown)


def arrangements(standing, name="arrangements", caption="Arrangements and the furthest step reported"):
    """One row per arrangement: a country can stand differently for each instrument."""
    frame = standing.assign(name=[places.name(code) for code in standing["receiver"]])
    shown = (
        column.text("name", "Country"),
        column.code("arrangements", "instrument", "Instrument"),
        Column("Furthest step reported", _position),
        column.count("origins", "Origins"),
        column.count("sources", "Sources"),
        column.code("steps", "step", "Also reported", "beside"),
        column.FLAGS,
        column.text("denied_by", "Denied in"),
        column.CLAIMS,
    )
    return Table(name, caption, frame, shown)


def disputes(rows):
    """Positions that a claim denies."""
    return arrangements(rows, "disputes", "Positions denied by another claim; both are shown")


def _position(row):
    return "none" if row["position"] == "beside" else codebook.label("steps", "step", row["position"])
