"""Claims as coded, with what each says in words."""

from analysis.display.tables import column
from analysis.display.tables.column import Column
from analysis.display.tables.table import Table
from analysis.ledger import schema
from analysis.values import countries, dates, ranges
from analysis.views import payments


def claims(book, ids, name="claims", caption="The claims behind this page"):
    """Claims as coded: what is said, by whom, first reported by whom, in which words. ``ids`` as ``c00001; c00002``."""
    wanted = {claim for joined in ids for claim in str(joined).split("; ")}
    rows = book.claims
    rows = rows[rows["claim_id"].isin(wanted)].fillna({"receiver": ""}).sort_values("claim_id")
    says = _says(book, wanted)
    frame = rows[CLAIM_COLUMNS].assign(says=[says[claim] for claim in rows["claim_id"]]).reset_index(drop=True)
    shown = (
        column.text("claim_id", "Claim"),
        Column("Country", lambda row: countries.name(row["receiver"])),
        column.text("says", "Says"),
        Column("When", lambda row: dates.show(row["date"])),
        column.text("wording", "Printed words"),
        column.text("source_id", "Read in"),
        column.text("origin_publisher", "First reported by"),
        column.code("steps", "basis", "Basis"),
        column.day("public_on", "Public by"),
    )
    return Table(name, caption, frame, shown)


# What identifies a claim and what it rests on; notes and locators are in the ledger's own files.
CLAIM_COLUMNS = [
    "claim_id", "table", "receiver", "arrangement_id", "stance", "date", "source_id", "wording", "origin_id",
    "origin_publisher", "basis", "public_on",
]  # fmt: skip


def _says(book, wanted):
    """Claim → what it says, in the words of the codebook, for the claims ``wanted``."""
    words = {"steps": _says_step, "payments": _says_payment, "transfers": _says_people, "tallies": _says_count}
    words["acts"] = _says_act
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
    "acts": ["effect", "label"],
}


def _says_step(row):
    return schema.label("steps", "step", row["step"])


def _says_payment(row):
    return f"{schema.label('payments', 'stage', row['stage'])}: {payments.show_amount(row)}"


def _says_people(row):
    people = ranges.show_range(row["people_min"], row["people_max"], "people")
    people = "a number not reported" if people == "not reported" else people
    return f"{schema.label('transfers', 'population', row['population'])}: {people}"


def _says_act(row):
    return f"{schema.label('acts', 'effect', row['effect'])}: {row['label']}"


def _says_count(row):
    figure = ranges.show_range(row["count_min"], row["count_max"], schema.label("tallies", "unit", row["unit"]))
    return f"{schema.label('tallies', 'counted', row['counted'])}: {figure}"
