"""Tiny ledgers, made inline: a test names only the cells that matter to it."""

import csv
import signal
import sys

import pytest

from analysis import ledger
from analysis.ledger import schema
from analysis.values import paths

sys.path.insert(0, str(paths.PROJECT / "benchmarks"))  # what measures is tested, too

DEFAULTS = {
    "sources": {
        "publisher": "A Paper",
        "kind": "news",
        "published": "2025-05-01",
        "published_basis": "stated",
        "read": "opening",
        "read_on": "2026-01-01",
    },
    "arrangements": {"programme": "us-2025", "sender": "USA", "instrument": "removal", "label": "a label"},
    "steps": {"step": "asked"},
    "payments": {
        "payment_id": "money",
        "payer": "USA",
        "amount_min": "100",
        "amount_max": "100",
        "currency": "USD",
        "unit": "lump_sum",
        "stage": "agreed",
    },
    "transfers": {"transfer_id": "flight", "people_min": "10", "people_max": "10", "population": "third_country"},
    "tallies": {"tally_id": "tally", "counted": "asked", "unit": "countries", "definition": "countries asked"},
    "acts": {
        "act_id": "act",
        "actor": "court",
        "actor_name": "A Court",
        "jurisdiction": "USA",
        "effect": "forbids",
        "label": "an act",
    },
    "readings": {"table": "steps", "source_id": "paper", "code_1": "asked", "stance_1": "asserts"},
}
CLAIM = {
    "stance": "asserts",
    "source_id": "paper",
    "basis": "reporting",
    "status": "active",
    "coded_on": "2026-01-01",
}


@pytest.fixture
def interruptible():
    """Ctrl-C reaches what a test starts, also where the tests were started to ignore it (``nohup``, ``&`` in a script)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def receiver_of(arrangement):
    """The alpha-3 code with which an arrangement's identifier begins; blank for any-…"""
    start = arrangement.split("-")[0]
    return "" if start == "any" else start.upper()


@pytest.fixture
def write_ledger(tmp_path):
    """Write all CSV files of a ledger and return their folder.

    ``write_ledger(steps=[{"arrangement_id": "rwa-removal-2025", "step": "agreed"}], sources=[...])``: missing cells are
    filled in with something valid; claim numbers, the origin (the source itself), sources and arrangements that are
    named but not given are added.
    """
    number = iter(range(1, 100_000))

    def write(**tables):
        rows = {table: [dict(row) for row in tables.get(table, [])] for table in schema.FILES}
        for table in schema.CLAIM_TABLES:
            for row in rows[table]:
                for column, value in (DEFAULTS[table] | CLAIM).items():
                    row.setdefault(column, value)
                row.setdefault("claim_id", f"c{next(number):05d}")
                row.setdefault("origin_id", row["source_id"])
                if table != "tallies":
                    row.setdefault("arrangement_id", "rwa-removal-2025")
                if row.get("date"):
                    row.setdefault("date_basis", "stated")
        claims = [row for table in schema.CLAIM_TABLES for row in rows[table]]
        for column, table in (("source_id", "sources"), ("origin_id", "sources"), ("arrangement_id", "arrangements")):
            key = "source_id" if table == "sources" else "arrangement_id"
            known = {row.get(key) for row in rows[table]}
            for name in dict.fromkeys(row[column] for row in claims if row.get(column)):
                if name not in known:
                    rows[table].append({key: name})
                    known.add(name)
        for row in rows["sources"]:
            for column, value in DEFAULTS["sources"].items():
                row.setdefault(column, value)
        for row in rows["arrangements"]:
            row.setdefault("receiver", receiver_of(row["arrangement_id"]))
            for column, value in DEFAULTS["arrangements"].items():
                row.setdefault(column, value)
        for count, row in enumerate(rows[schema.READINGS], 1):
            for column, value in (DEFAULTS[schema.READINGS] | {"reading_id": f"r{count:05d}"}).items():
                row.setdefault(column, value)
        for table, table_rows in rows.items():
            with (tmp_path / f"{table}.csv").open("w", encoding="utf-8", newline="") as handle:
                writer = csv.DictWriter(handle, schema.columns(table), restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(table_rows)
        return tmp_path

    return write


@pytest.fixture
def make_ledger(write_ledger):
    """The same, loaded: ``make_ledger(steps=[...])`` gives a :class:`analysis.ledger.Ledger`."""
    return lambda **tables: ledger.load(write_ledger(**tables))
