"""Columns to show: a heading, and how a cell is worded from its row."""

from dataclasses import dataclass

from analysis.ledger import schema
from analysis.values import dates, ranges
from analysis.views import provenance


@dataclass(frozen=True)
class Column:
    """One column to show: its heading, how a cell is worded (from the row, a dict), and whether it is set as a number."""

    label: str
    show: object
    numeric: bool = False


def text(name, label):
    """A cell as it is."""
    return Column(label, lambda row: str(row[name]) if ranges.present(row[name]) else "")


def count(name, label):
    """A number with thousands separators."""
    return Column(label, lambda row: ranges.number(row[name]) if ranges.present(row[name]) else "", numeric=True)


def day(name, label):
    """A day as ``6 May 2025``."""
    return Column(label, lambda row: dates.show_day(row[name]))


def code(table, column, label, name=None):
    """Codes of a column of the ledger, one or ``a; b``, in the codebook's words; ``name`` if the frame calls it otherwise."""
    name = name or column
    return Column(label, lambda row: _codes(table, column, row[name]))


def _codes(table, column, joined):
    return ", ".join(schema.label(table, column, code) for code in str(joined).split("; ") if code)


def between(low, high, label, unit=""):
    """A range in words: ``100 or more``, ``up to 1,000``, ``not reported``."""
    return Column(label, lambda row: ranges.show_range(row[low], row[high], unit), numeric=True)


def known_between(low, high, label):
    """A range that is left blank, not called unreported, where there is none."""

    def show(row):
        known = ranges.present(row[low]) or ranges.present(row[high])
        return ranges.show_range(row[low], row[high]) if known else ""

    return Column(label, show, numeric=True)


def _span_words(row, event):
    """The span of an event in words: ``by 1 Apr 2025``, ``1 Feb to 28 Feb 2025``; blank if not reported."""
    low, high = row[f"{event}_earliest"], row[f"{event}_latest"]
    if not ranges.present(high):
        return ""
    if not ranges.present(low):
        return f"by {dates.show_day(high)}"
    return dates.show_day(high) if low == high else f"{dates.show_day(low)} to {dates.show_day(high)}"


def span(event, label):
    """The span of an event in words."""
    return Column(label, lambda row: _span_words(row, event))


def yes(name: str, label: str) -> Column:
    """``yes`` where the cell is true, else nothing."""
    return Column(label, lambda row: "yes" if row[name] else "")


def edtf(name: str, label: str) -> Column:
    """An EDTF date in words: ``by 1 Apr 2025``."""
    return Column(label, lambda row: dates.show(row[name]))


def claims(name: str, label: str) -> Column:
    """Claim identifiers, ``c00001; c00002``; they lead to the claims."""
    return text(name, label)


SUPPORT_WORDS = {
    provenance.SEVERAL_ORIGINS: "several origins",
    provenance.ONE_ORIGIN: "one origin",
    provenance.DIGESTS_ONLY: "digests only",
    provenance.DOUBTFUL: "doubtful",
}
COUNTRY = text("name", "Country")
SUPPORT = Column("Support", lambda row: SUPPORT_WORDS.get(row["support"], ""))
CLAIMS = claims("claim_ids", "Claims")
