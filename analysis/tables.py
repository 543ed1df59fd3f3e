"""Display tables: a view's frame with the columns to show, in words. The frame itself is what is published as CSV.

What belongs elsewhere: computing (the views), drawing (``charts``). Nothing here writes a file.
"""

from dataclasses import dataclass
from functools import lru_cache

import jinja2
import pandas as pd

from analysis import amounts, codebook, dates, evidence, paths, payments, places


@lru_cache(maxsize=1)
def _template():
    loader = jinja2.FileSystemLoader(paths.TEMPLATES)
    return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True).get_template("table.html.j2")


SHOWN_AS_TEXT = 5  # rows; the whole table is in the HTML and the CSV


@dataclass(frozen=True)
class Column:
    """One column to show: its name in the frame, its heading, and how a cell is worded (from the row)."""

    label: str
    show: object
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """A frame with a name, a caption and columns to show. In a notebook it displays itself; its CSV is the whole frame."""

    name: str
    caption: str
    frame: pd.DataFrame
    columns: tuple

    def cells(self, rows=None):
        """The cells as shown, one list of strings per row; of the first ``rows``, or of all."""
        return [[column.show(row) for column in self.columns] for row in self.frame[:rows].to_dict("records")]

    def to_csv(self):
        """The frame as CSV: days as YYYY-MM-DD, whole numbers without a point, missing as nothing."""
        frame = self.frame.copy()
        for column in frame.columns:
            if pd.api.types.is_datetime64_any_dtype(frame[column]):
                frame[column] = frame[column].dt.strftime("%Y-%m-%d")
            elif pd.api.types.is_float_dtype(frame[column]):
                frame[column] = [_plain(value) for value in frame[column]]
            elif pd.api.types.is_bool_dtype(frame[column]):
                frame[column] = frame[column].map({True: "true", False: "false"})
        return frame.to_csv(index=False, lineterminator="\n")

    def to_html(self):
        return _template().render(name=self.name, caption=self.caption, columns=self.columns, rows=self.cells())

    def __repr__(self):
        lines = [self.caption, " | ".join(column.label for column in self.columns)]
        lines += [" | ".join(cells) for cells in self.cells(SHOWN_AS_TEXT)]
        more = len(self.frame) - SHOWN_AS_TEXT
        return "\n".join(lines + ([f"… and {more} more rows"] if more > 0 else []))

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"text/plain": repr(self), "text/html": self.to_html(), "text/csv": self.to_csv()}
        return data, {"ledger": {"kind": "table", "name": self.name, "title": self.caption}}


@dataclass(frozen=True)
class Sentence:
    """A computed sentence in Markdown. ``headline`` marks the one that answers the notebook's question."""

    markdown: str
    headline: bool = False

    def __repr__(self):
        return self.markdown

    def _repr_mimebundle_(self, include=None, exclude=None):
        kind = "headline" if self.headline else "sentence"
        return {"text/plain": self.markdown, "text/markdown": self.markdown}, {"ledger": {"kind": kind}}


def _plain(value):
    if pd.isna(value):
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _text(name, label):
    return Column(label, lambda row: "" if _missing(row[name]) else str(row[name]))


def _count(name, label):
    return Column(label, lambda row: "" if _missing(row[name]) else amounts.number(row[name]), numeric=True)


def _day(name, label):
    return Column(label, lambda row: dates.show_day(None if _missing(row[name]) else row[name]))


def _code(table, column, label, name=None):
    name = name or column
    return Column(label, lambda row: _codes(table, column, row[name]))


def _codes(table, column, joined):
    return ", ".join(codebook.label(table, column, code) for code in str(joined).split("; ") if code)


def _range(low, high, label, unit=""):
    return Column(label, lambda row: amounts.show_range(row[low], row[high], unit), numeric=True)


def _known_range(kind, label):
    """A range that is left blank, not called unreported, where there is none."""

    def show(row):
        low, high = row[f"{kind}_low"], row[f"{kind}_high"]
        return "" if _missing(low) and _missing(high) else amounts.show_range(low, high)

    return Column(label, show, numeric=True)


def _flags(row):
    words = [("disputed", "disputed"), ("thin", "thin: digests only")]
    return ", ".join(word for column, word in words if row.get(column))


def _missing(value):
    return value is None or value is pd.NaT or (isinstance(value, float) and value != value)


FLAGS = Column("Marks", _flags)
CLAIMS = _text("claim_ids", "Claims")


def span_words(row, event):
    """The span of an event in words: ``by 1 Apr 2025``, ``1 Feb to 28 Feb 2025``; blank if not reported."""
    low, high = row[f"{event}_earliest"], row[f"{event}_latest"]
    if _missing(high):
        return ""
    if _missing(low):
        return f"by {dates.show_day(high)}"
    return dates.show_day(high) if low == high else f"{dates.show_day(low)} to {dates.show_day(high)}"


def _span(event, label):
    return Column(label, lambda row: span_words(row, event))


def by_region(regions, scheme):
    """Countries per region and step."""
    steps = [(step, codebook.label("steps", "step", step)) for step in codebook.LADDER]
    shown = [_text("region", places.REGION_SCHEMES[scheme])]
    shown += [_count(step, label) for step, label in steps] + [
        _count("beside", "no step, but declined, no answer or stopped")
    ]
    shown += [_count("total", "all"), _text("countries", "Countries")]
    return Table(
        "countries_by_region",
        f"Countries by {places.REGION_SCHEMES[scheme]} and furthest step reported",
        regions,
        tuple(shown),
    )


def standing_by_month(rows):
    """Countries per step, one row per month, as known at its end."""
    steps = [_count(step, codebook.label("steps", "step", step)) for step in codebook.LADDER]
    shown = (
        _day("day", "Known by"),
        *steps,
        _count("beside", "no step, but declined, no answer or stopped"),
        _count("total", "all"),
    )
    caption = "Countries by furthest step reported, as known at the end of each month"
    return Table("standing_by_month", caption, rows, shown)


def reached(rows):
    """One row per country: since when it was public that it stood at each step or further."""
    days = rows.pivot(index="receiver", columns="step", values="reached_on").reindex(columns=list(codebook.LADDER))
    frame = days.rename_axis(columns=None).reset_index()
    frame.insert(1, "name", [places.name(code) for code in frame["receiver"]])
    frame = frame.sort_values("name", ignore_index=True)
    steps = [_day(step, codebook.label("steps", "step", step)) for step in codebook.LADDER]
    caption = "The day by which it was public that a country stood at a step or further"
    return Table("reached", caption, frame, (_text("name", "Country"), *steps))


def countries(standing, name="countries", caption="Countries and the furthest step reported"):
    """One row per country: position, support, marks, claims."""
    shown = (
        _text("name", "Country"),
        _text("region", "Region"),
        Column("Furthest step reported", _position),
        _code("arrangements", "instrument", "Instrument", "instruments"),
        _count("origins", "Origins"),
        _count("sources", "Sources"),
        _code("steps", "step", "Also reported", "beside"),
        FLAGS,
        _day("first_known", "Public by"),
        CLAIMS,
    )
    return Table(name, caption, standing, shown)


def _position(row):
    return "none" if row["position"] == "beside" else codebook.label("steps", "step", row["position"])


def arrangements(standing, name="arrangements", caption="Arrangements and the furthest step reported"):
    """One row per arrangement: a country can stand differently for each instrument."""
    frame = standing.assign(name=[places.name(code) for code in standing["receiver"]])
    shown = (
        _text("name", "Country"),
        _code("arrangements", "instrument", "Instrument"),
        Column("Furthest step reported", _position),
        _count("origins", "Origins"),
        _count("sources", "Sources"),
        _code("steps", "step", "Also reported", "beside"),
        FLAGS,
        _text("denied_by", "Denied in"),
        CLAIMS,
    )
    return Table(name, caption, frame, shown)


def reported_payments(rows, name="payments", caption="Payments reported, one row per payment and stage"):
    """Payer, payee, sum, stage, who reported it, and by which rule a figure was chosen."""
    frame = rows.assign(
        country=[places.name(code) for code in rows["receiver"]],
        payer_name=[places.name(code) if code else "not reported" for code in rows["payer"]],
        payee_name=[places.name(code) if code else "not reported" for code in rows["payee"]],
    )
    shown = (
        _text("country", "For taking people in"),
        _text("payer_name", "Payer"),
        _text("payee_name", "Payee"),
        Column("Sum", payments.show_amount, numeric=True),
        _code("payments", "stage", "Stage"),
        _count("people_basis", "For how many people"),
        _text("purpose", "For"),
        _text("reported_by", "First reported by"),
        _day("first_known", "Public by"),
        _count("origins", "Origins"),
        _text("rule", "Chosen by"),
        FLAGS,
        CLAIMS,
    )
    return Table(name, caption, frame, shown)


def payments_by_stage(rows):
    """Offered, agreed and paid side by side, one row per payment."""
    frame = rows.assign(country=[places.name(code) for code in rows["receiver"]])
    stages = [_text(stage, codebook.label("payments", "stage", stage)) for stage in payments.STAGES]
    shown = (
        _text("country", "For taking people in"),
        _text("payment_id", "Payment"),
        *stages,
        _text("part_of", "Part of"),
    )
    return Table("payments_by_stage", "Each payment from request to use, as reported", frame, shown)


def payment_totals(rows):
    """Sums by stage with their coverage."""
    shown = (
        _code("payments", "stage", "Stage"),
        _range("low", "high", "Lump sums in US dollars"),
        _count("payments", "Payments added"),
        _count("left_out", "Payments not added"),
        Column(
            "Sum known for", lambda row: f"{int(row['countries_known'])} of {int(row['countries_agreed'])} countries"
        ),
    )
    return Table("payment_totals", "Sums by stage; stages are never added to one another", rows, shown)


def prices(rows):
    """Sum per place in the contract and per person received, each labelled."""
    frame = rows.assign(name=[places.name(code) for code in rows["receiver"]])
    shown = (
        _text("name", "Payee"),
        _code("payments", "stage", "Stage"),
        _range("amount_min", "amount_max", "Sum in US dollars"),
        _count("people_basis", "People it is for"),
        _range("place_low", "place_high", "US dollars per place"),
        _range("people_low", "people_high", "People received"),
        _range("received_low", "received_high", "US dollars per person received"),
        CLAIMS,
    )
    return Table(
        "prices", "Price per place and price per person received, computed from the reported ranges", frame, shown
    )


def timing(rows):
    """Spans of approach, agreement and arrival, and when they became public."""
    shown = (
        _text("name", "Country"),
        _text("region", "Region"),
        _span("approach", "Approached"),
        _span("agreement", "Agreement reported for"),
        _span("arrival", "Arrival reported for"),
        _span("public", "First made public"),
        Column("Days from approach to report", _lag, numeric=True),
        CLAIMS,
    )
    return Table("timing", "When each country was approached, agreed and received people, as reported", rows, shown)


def _lag(row):
    low, high = row["lag_min"], row["lag_max"]
    if _missing(low) and _missing(high):
        return ""
    return amounts.show_range(None if _missing(low) else low, None if _missing(high) else high)


def cumulative(rows, name="contact_cumulative", caption="Countries approached or further along, cumulative bounds"):
    """How many countries had the event behind them by each day: at least, at most."""
    shown = (_day("day", "By the end of"), _count("low", "At least"), _count("high", "At most"))
    return Table(name, caption, rows, shown)


def transfers(rows, name="transfers", caption="Movements of people reported"):
    """One row per movement: how many, what the number counts, when, who reported it."""
    shown = (
        _text("name", "Destination"),
        _range("people_min", "people_max", "People"),
        _range("range_low", "range_high", "Full range"),
        _code("transfers", "population", "What is counted"),
        Column("When", lambda row: dates.show(row["date"])),
        Column("Citizens of", lambda row: ", ".join(places.name(c) for c in row["nationalities"].split(";") if c)),
        _text("reported_by", "First reported by"),
        _count("origins", "Origins"),
        _text("rule", "Chosen by"),
        FLAGS,
        CLAIMS,
    )
    return Table(name, caption, rows, shown)


def destinations(rows):
    """People in single movements per destination, and beside them what is never added."""
    shown = (
        _text("name", "Destination"),
        _count("movements", "Single movements"),
        Column(
            "People in them",
            lambda row: amounts.show_range(row["people_low"], row["people_high"]) if row["movements"] else "",
            True,
        ),
        _known_range("mixed", "Largest movement with own nationals"),
        _known_range("cumulative", "Largest running total"),
        _known_range("cap", "Ceiling"),
        _known_range("planned", "Planned"),
    )
    return Table(
        "destinations", "People moved by destination; ceilings, plans and running totals are not added", rows, shown
    )


def tallies(rows):
    """Published counts beside what the ledger can name."""
    shown = (
        _text("published_by", "Published by"),
        _day("known_on", "Public by"),
        _text("count", "Count"),
        Column("What is counted", lambda row: row["definition"]),
        _text("among", "Among"),
        _count("named_then", "Named here, known then"),
        _count("difference", "Difference"),
        _text("why", "Why"),
        _count("named_now", "Named here, known now"),
        CLAIMS,
    )
    return Table("tallies", "Counts published by others, beside the countries this ledger can name", rows, shown)


def copies(rows):
    """Origins and the sources that retell them."""
    shown = (
        _text("publisher", "Origin"),
        _text("origin_id", "Identifier"),
        _code("sources", "read", "Read here"),
        _day("known_on", "Published by"),
        _count("sources", "Sources that carry it"),
        _count("claims", "Claims"),
        _text("retold_in", "Carried by"),
    )
    return Table("origins", "Who first reported it, and which sources carry it", rows, shown)


def agreement(rows):
    """Agreement of two independent readers, measure by measure."""
    shown = (
        _text("measure", "What"),
        _count("agree", "Same"),
        _count("of", "Of"),
        Column("Share", lambda row: f"{row['agree'] / row['of']:.0%}", True),
        Column("Cohen's kappa", lambda row: "" if _missing(row["kappa"]) else f"{row['kappa']:.2f}", True),
    )
    return Table("agreement", "Two readers coded the same sources without seeing each other's rows", rows, shown)


def conflicts(payment_rows, transfer_rows, date_rows):
    """Groups of claims that differ: chosen value, full range, the rule that chose, what differs.

    Takes the results of ``payments.reported``, ``transfers.reported`` and ``evidence.date_conflicts``.
    """
    rows = []
    for row in evidence.conflicts(payment_rows, "unit").to_dict("records"):
        code = codebook.label("payments", "stage", row["stage"])
        full = payments.show_amount(row | {"amount_min": row["range_low"], "amount_max": row["range_high"]})
        rows.append(
            row
            | {
                "about": places.name(row["receiver"]),
                "what": f"money, {code}",
                "chosen": payments.show_amount(row),
                "full": full,
            }
        )
    for row in evidence.conflicts(transfer_rows, "population").to_dict("records"):
        code = codebook.label("transfers", "population", row["population"])
        chosen = amounts.show_range(row["people_min"], row["people_max"])
        full = amounts.show_range(row["range_low"], row["range_high"])
        rows.append(
            row | {"about": places.name(row["receiver"]), "what": f"people, {code}", "chosen": chosen, "full": full}
        )
    for row in date_rows.to_dict("records"):
        code = codebook.label("steps", "step", row["step"])
        rows.append(
            row
            | {
                "about": places.name(row["receiver"]),
                "what": f"day, {code}",
                "chosen": dates.show(row["chosen"]),
                "full": row["full"],
            }
        )
    columns = ["about", "what", "chosen", "full", "rule", "differs", "origins", "claim_ids"]
    shown = (
        _text("about", "About"),
        _text("what", "What"),
        _text("chosen", "Shown"),
        _text("full", "Full range"),
        _text("rule", "Chosen by"),
        _text("differs", "What differs"),
        _count("origins", "Origins"),
        CLAIMS,
    )
    frame = pd.DataFrame(rows, columns=columns)
    return Table("conflicts", "Where claims about the same thing differ", frame, shown)


def disputes(rows):
    """Positions that a claim denies."""
    return arrangements(rows, "disputes", "Positions denied by another claim; both are shown")


def sources(rows):
    """Every source read or credited."""
    shown = (
        _text("source_id", "Identifier"),
        _text("publisher", "Publisher"),
        _text("title", "Title"),
        Column("Published", lambda row: dates.show(row["published"]) if row["published"] else "unknown"),
        _code("sources", "kind", "Kind"),
        _code("sources", "read", "Read"),
        _count("claims", "Claims read in it"),
        _count("as_origin", "Claims it first reported"),
    )
    return Table("sources", "Sources read, and the origins they credit", rows, shown)


def claims(book, ids, name="claims", caption="The claims behind this page"):
    """Claims as coded: what is said, by whom, first reported by whom, in which words. ``ids`` as ``c00001; c00002``."""
    wanted = {claim for joined in ids for claim in str(joined).split("; ")}
    rows = book.claims
    rows = rows[rows["claim_id"].isin(wanted)].fillna({"receiver": ""}).sort_values("claim_id")
    says = _says(book, wanted)
    frame = rows[CLAIM_COLUMNS].assign(says=[says[claim] for claim in rows["claim_id"]]).reset_index(drop=True)
    shown = (
        _text("claim_id", "Claim"),
        Column("Country", lambda row: places.name(row["receiver"])),
        _text("says", "Says"),
        Column("When", lambda row: dates.show(row["date"])),
        _text("wording", "Printed words"),
        _text("source_id", "Read in"),
        _text("origin_publisher", "First reported by"),
        _code("steps", "basis", "Basis"),
        _day("known_on", "Public by"),
    )
    return Table(name, caption, frame, shown)


# What identifies a claim and what it rests on; notes and locators are in the ledger's own files.
CLAIM_COLUMNS = [
    "claim_id",
    "table",
    "receiver",
    "arrangement_id",
    "stance",
    "date",
    "source_id",
    "wording",
    "origin_id",
]
CLAIM_COLUMNS += ["origin_publisher", "basis", "known_on"]


def _says(book, wanted):
    """Claim → what it says, in the words of the codebook, for the claims ``wanted``."""
    words = {"steps": _says_step, "payments": _says_payment, "transfers": _says_people, "tallies": _says_count}
    said = {}
    for table, word in words.items():
        claims = getattr(book, table)
        for row in claims.loc[claims["claim_id"].isin(wanted), ["claim_id", "stance", *SAID[table]]].to_dict("records"):
            said[row["claim_id"]] = f"denies: {word(row)}" if row["stance"] == "denies" else word(row)
    return said


SAID = {
    "steps": ["step"],
    "payments": ["stage", "amount_min", "amount_max", "currency", "unit"],
    "transfers": ["population", "people_min", "people_max"],
    "tallies": ["counted", "count_min", "count_max", "unit"],
}


def _says_step(row):
    return codebook.label("steps", "step", row["step"])


def _says_payment(row):
    return f"{codebook.label('payments', 'stage', row['stage'])}: {payments.show_amount(row)}"


def _says_people(row):
    people = amounts.show_range(row["people_min"], row["people_max"], "people")
    people = "a number not reported" if people == "not reported" else people
    return f"{codebook.label('transfers', 'population', row['population'])}: {people}"


def _says_count(row):
    figure = amounts.show_range(row["count_min"], row["count_max"], codebook.label("tallies", "unit", row["unit"]))
    return f"{codebook.label('tallies', 'counted', row['counted'])}: {figure}"
