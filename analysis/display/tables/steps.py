"""Tables of positions: countries, arrangements, regions, months, and what denies them."""

import pandas as pd

from analysis.display.tables import column
from analysis.display.tables.column import Column
from analysis.display.tables.table import Table
from analysis.ledger import schema
from analysis.values import countries
from analysis.views import positions, provenance

COUNTS = (
    *(column.count(step, positions.label(step)) for step in positions.POSITIONS),
    column.count("total", "all"),
)
POSITION = Column("Furthest step reported", lambda row: positions.label(row["furthest_step"]))
SINCE = column.code("steps", "step", "Reported since", "since")
EVIDENCE = (
    column.count("origins", "Origins"),
    column.count("sources", "Sources"),
    column.SUPPORT,
    column.yes("disputed", "Denied"),
    column.code("steps", "step", "Also reported", "also_reported"),
    column.CLAIMS,
    column.claims("also_claim_ids", "Other claims"),
    column.claims("denial_ids", "Denials"),
)


def by_region(regions: pd.DataFrame, scheme: str) -> Table:
    """Countries per region and step, from :func:`positions.by_region`."""
    named = countries.REGION_SCHEMES[scheme]
    shown = (
        column.text("region", named),
        *COUNTS,
        column.count("stopped_since", "reached a step, then declined, halted or ended"),
        column.text("countries", "Countries"),
        column.CLAIMS,
    )
    return Table("countries_by_region", f"Countries by {named} and furthest step reported", regions, shown)


def positions_by_month(rows: pd.DataFrame) -> Table:
    """Countries per step, one row per month, from :func:`positions.by_month`."""
    caption = "Countries by furthest step reported, as known at the end of each month"
    return Table("positions_by_month", caption, rows, (column.day("day", "Known by"), *COUNTS, column.CLAIMS))


def reached(rows: pd.DataFrame) -> Table:
    """One row per country: since when it was public that it stood at each step or further; from :func:`positions.reached`."""
    days = rows.pivot(index="receiver", columns="step", values="reached_on").reindex(columns=list(schema.LADDER))
    frame = days.rename_axis(columns=None).reset_index()
    frame.insert(1, "name", [countries.name(code) for code in frame["receiver"]])
    frame = frame.sort_values("name", ignore_index=True)
    ids = rows.groupby("receiver")["claim_ids"].agg(provenance.merged)
    frame["claim_ids"] = [ids[code] for code in frame["receiver"]]
    steps = [column.day(step, positions.label(step)) for step in schema.LADDER]
    caption = "The day by which it was public that a country stood at a step or further"
    return Table("reached", caption, frame, (column.COUNTRY, *steps, column.CLAIMS))


def country_positions(rows: pd.DataFrame) -> Table:
    """Where each country stands, from :func:`positions.by_country`."""
    shown = (
        column.COUNTRY,
        column.text("region", "Region"),
        POSITION,
        SINCE,
        column.code("arrangements", "instrument", "Instrument", "instruments"),
        column.day("first_public_on", "Furthest step public since"),
        column.count("origins", "Origins"),
        column.SUPPORT,
        column.yes("disputed", "Denied"),
        column.CLAIMS,
    )
    caption = "Countries and the furthest step reported"
    return Table("countries", caption, positions.with_evidence(rows), shown)


def country_support(rows: pd.DataFrame) -> Table:
    """What the position of each country rests on, from :func:`positions.by_country`."""
    shown = (column.COUNTRY, POSITION, *EVIDENCE)
    return Table("support", "Origins and sources behind each position", positions.with_evidence(rows), shown)


def arrangement_positions(
    rows: pd.DataFrame, name: str = "arrangements", caption: str = "Arrangements and the furthest step reported"
) -> Table:
    """One row per arrangement, from :func:`positions.by_arrangement`: a country can stand differently for each instrument."""
    frame = rows.assign(name=[countries.name(code) for code in rows["receiver"]])
    shown = (
        column.COUNTRY,
        column.code("arrangements", "instrument", "Instrument"),
        POSITION,
        column.day("latest", "Reached by"),
        SINCE,
        *EVIDENCE,
    )
    return Table(name, caption, frame, shown)


def denials(rows: pd.DataFrame) -> Table:
    """Each denial, once, from :func:`denials.statements`."""
    shown = (
        column.COUNTRY,
        column.code("arrangements", "instrument", "Instrument"),
        column.code("steps", "step", "What is denied"),
        Column("Who says so", _who),
        column.day("public_on", "Public by"),
        column.text("wording", "Printed words"),
        Column("What became of it", _after),
        column.count("sources", "Sources"),
        column.CLAIMS,
        column.claims("later_claim_ids", "Later claims"),
    )
    return Table("denials", "Every denial: who spoke, what, when, and what was reported afterwards", rows, shown)


def _who(row: dict) -> str:
    """Who denies it, with a mark where it was read in digests alone or is doubtful; one origin it always is."""
    return row["spoken_by"] + (provenance.mark(row["support"]) if row["support"] != provenance.ONE_ORIGIN else "")


def _after(row: dict) -> str:
    """Whether a denial disputes the position of its country or its arrangement, and what was reported after it."""
    later = column.code("steps", "step", "", "later_steps").show(row)
    words = []
    if row["disputes_position"]:
        words.append("disputes the position shown")
    elif row["disputes_arrangement"]:
        words.append("disputes this arrangement's position, not the country's furthest")
    words += [f"later reported: {later}"] if later else []
    return "; ".join(words) or "no conflict with the position shown"


def acts(rows: pd.DataFrame) -> Table:
    """Orders of courts and acts of agencies and parliaments, from :func:`acts.listed`."""
    shown = (
        column.edtf("date", "Date"),
        column.text("label", "Act"),
        column.text("actor_name", "Court or body"),
        column.code("acts", "effect", "Effect"),
        column.text("about", "About"),
        column.text("docket", "Docket"),
        column.count("origins", "Origins"),
        column.SUPPORT,
        column.claims("halts", "Halts reported"),
        column.CLAIMS,
        column.claims("other_claim_ids", "Told with another effect"),
    )
    return Table("acts", "Orders of courts, and acts of agencies and parliaments", rows, shown)
