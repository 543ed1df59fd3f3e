"""The table of claims as coded, with what each says in words.

What belongs elsewhere: what is made of the claims (the other tables), words of codes (``ledger.schema``).

Typical use::

    tables.claims(ledger, countries["claim_ids"])
"""

from collections.abc import Iterable

from analysis.display import links
from analysis.display.tables import column
from analysis.display.tables.column import Column
from analysis.display.tables.table import Table
from analysis.ledger import Ledger, schema
from analysis.values import countries, ranges
from analysis.views import payments, provenance

CLAIMS = "claims"  # of the table of the claims behind a page, which has a page of its own
STORED_ROWS = 10


def claims(
    ledger: Ledger, ids: Iterable[str], name: str = CLAIMS, caption: str = "The claims behind this page"
) -> Table:
    """Claims as coded, in the order of their numbers: what is said, by whom, first reported by whom, in which words.

    Each of ``ids`` is one identifier or several, ``c00001; c00002``. Of the claims behind a page a notebook keeps all in the
    CSV, of which their own page is made, and the first in HTML: all of them would be the larger part of the notebook.
    """
    wanted = provenance.split(provenance.merged(ids))
    rows = ledger.claims
    rows = rows[rows["claim_id"].isin(wanted)].fillna({"receiver": ""})
    rows = rows.sort_values("claim_id", key=lambda claim_ids: claim_ids.map(provenance.claim_number))
    says = _says(ledger, wanted)
    frame = rows[CLAIM_COLUMNS].assign(says=[says[claim] for claim in rows["claim_id"]]).reset_index(drop=True)
    outlets = ledger.sources.set_index("source_id")["publisher"].to_dict()
    shown = (
        column.claims("claim_id", "Claim"),
        Column("Country", lambda row: links.country(row["receiver"], countries.name(row["receiver"]))),
        column.text("says", "Says"),
        column.edtf("date", "When"),
        column.text("wording", "Printed words"),
        column.sources("source_id", "Read in", outlets),
        column.sources("origin_id", "First reported by", outlets),
        column.code("steps", "basis", "Basis"),
        column.day("public_on", "Public by"),
    )
    return Table(name, caption, frame, shown, stored_rows=STORED_ROWS if name == CLAIMS else None)


# What identifies a claim and what it rests on; notes and locators are in the ledger's own files.
CLAIM_COLUMNS = [
    "claim_id", "table", "receiver", "arrangement_id", "stance", "date", "source_id", "wording", "origin_id",
    "origin_publisher", "basis", "public_on",
]  # fmt: skip


def _says(ledger: Ledger, wanted: list[str]) -> dict[str, str]:
    """Claim → what it says, in the words of the codebook, for the claims ``wanted``."""
    said = {}
    for table in schema.CLAIM_TABLES:
        word = WORDS[table]
        claims = getattr(ledger, table)
        for row in claims[claims["claim_id"].isin(wanted)].to_dict("records"):
            said[row["claim_id"]] = f"denies: {word(row)}" if row["stance"] == "denies" else word(row)
    return said


def _says_step(row: dict) -> str:
    return schema.label("steps", "step", row["step"])


def _says_payment(row: dict) -> str:
    return f"{schema.label('payments', 'stage', row['stage'])}: {payments.show_amount(row)}"


def _says_people(row: dict) -> str:
    people = ranges.show_range(row["people_min"], row["people_max"], "people", "person")
    people = "a number not reported" if people == "not reported" else people
    return f"{schema.label('transfers', 'population', row['population'])}: {people}"


def _says_count(row: dict) -> str:
    return f"{schema.label('tallies', 'counted', row['counted'])}: {column.published_count(row)}"


def _says_act(row: dict) -> str:
    return f"{schema.label('acts', 'effect', row['effect'])}: {row['label']}"


WORDS = {
    "steps": _says_step,
    "payments": _says_payment,
    "transfers": _says_people,
    "tallies": _says_count,
    "acts": _says_act,
}
