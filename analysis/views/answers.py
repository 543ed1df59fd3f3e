"""The numbers that are cited: one quantity, one function, one name, each with the claims behind it.

A notebook, a page, a figure, a CSV and the feed take a number from here. ``tests/recount.sql`` computes the same numbers
by a second route. What belongs elsewhere: how the numbers depend on choices (``sensitivity``), words around them
(``display``).

Typical use::

    numbers = answers.compute(ledger, Parameters())
    numbers["countries_received"].value
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analysis.ledger import Ledger
from analysis.values import dates, ranges
from analysis.views import payments, positions, provenance, transfers
from analysis.views.choose import PREFERENCE, full_range
from analysis.views.parameters import Parameters

COUNTRIES, PEOPLE, USD = "countries", "people", "US dollars"


@dataclass(frozen=True)
class Answer:
    """One published number.

    ``name`` is the quantity (``countries_received``), ``label`` says it in words, ``value`` is the number and ``high`` the
    upper bound where it is a range (``None`` where it is open or there is none), ``unit`` what is counted, ``support`` what it
    rests on (see :mod:`provenance`), ``claim_ids`` and ``receivers`` what is behind it. ``range_low`` and ``range_high`` are
    the sums of the lowest and highest figures of claims that differ, missing where open and for counts of countries.
    """

    name: str
    label: str
    value: float
    unit: str
    claim_ids: tuple[str, ...]
    receivers: tuple[str, ...]
    support: str = ""
    high: float | None = None
    range_low: float = float("nan")
    range_high: float = float("nan")

    @property
    def words(self) -> str:
        """The number as a reader sees it: ``18``, ``12,854``, ``32.46 million``."""
        if self.unit == USD and self.value >= 1_000_000:
            return f"{self.value / 1_000_000:,.2f}".rstrip("0").rstrip(".") + " million"
        return ranges.number(self.value)


@dataclass(frozen=True)
class Frames:
    """The views that the answers are read from, computed once."""

    countries: pd.DataFrame
    movements: pd.DataFrame
    destinations: pd.DataFrame
    payments: pd.DataFrame


def frames(
    ledger: Ledger,
    parameters: Parameters,
    preference: dict[str, str] = PREFERENCE,
    countries: pd.DataFrame | None = None,
) -> Frames:
    """Positions per country, movements, people per destination and payments, of the part of the ledger that is known.

    ``countries`` is the result of ``positions.by_country`` where somebody has it: no figure is chosen in it by ``preference``.
    """
    movements = transfers.reported(ledger, parameters, preference=preference)
    return Frames(
        countries=positions.by_country(ledger, parameters) if countries is None else countries,
        movements=movements,
        destinations=transfers.by_destination(movements),
        payments=payments.reported(ledger, parameters, preference=preference),
    )


def countries_reported(found: Frames) -> Answer:
    """Countries and territories with a position: on a step of the ladder, or declined, halted, ended, unanswered or unclear."""
    return _countries("countries_reported", "countries and territories named in reports", found.countries)


def countries_asked(found: Frames) -> Answer:
    """Countries reported as asked or further."""
    rows = positions.at_least(found.countries, "asked")
    return _countries("countries_asked", "countries reported as asked or further", rows)


def countries_agreed(found: Frames) -> Answer:
    """Countries reported to have agreed or gone further, whatever was reported since."""
    rows = positions.at_least(found.countries, "agreed")
    return _countries("countries_agreed", "countries reported to have agreed or gone further", rows)


def countries_received(found: Frames) -> Answer:
    """Countries reported to have received people."""
    rows = positions.at_least(found.countries, "received")
    return _countries("countries_received", "countries reported to have received people", rows)


def countries_agreed_stopped(found: Frames) -> Answer:
    """Of the countries that agreed or went further, those reported to have declined, halted or ended all of it since."""
    rows = positions.at_least(found.countries, "agreed")
    label = "of the countries that agreed or went further, declined, halted or ended all of it since"
    return _countries("countries_agreed_stopped", label, rows[rows["stopped_since"]], "stopped_claim_ids")


def countries_declined(found: Frames) -> Answer:
    """Countries reported to have declined, whatever else is reported of them."""
    rows = found.countries
    rows = rows[rows["also_reported"].map(lambda codes: "declined" in provenance.split(codes)).astype(bool)]
    label = "countries reported to have declined, whatever else is reported of them"
    return _countries("countries_declined", label, rows, "declined_claim_ids")


def countries_disputed(found: Frames) -> Answer:
    """Countries whose position a denial disputes."""
    rows = found.countries[found.countries["disputed"]]
    return _countries("countries_disputed", "countries whose position is denied by another claim", rows, "denial_ids")


def people_at_least(found: Frames) -> Answer:
    """The sum over destinations of the people that can at least be said to have been moved. Rule: Method, *People*."""
    rows = found.destinations[found.destinations["people_at_least"] > 0]
    range_low, range_high = full_range(rows)
    return Answer(
        name="people_at_least",
        label="people moved, at least",
        value=float(rows["people_at_least"].sum()),
        unit=PEOPLE,
        claim_ids=_ids(rows["claim_ids"]),
        receivers=tuple(sorted(rows["receiver"])),
        support=provenance.support_of_sum(rows["people_at_least"], rows["support"]),
        range_low=range_low,
        range_high=range_high,
    )


def usd_paid(found: Frames) -> Answer:
    """Lump sums in US dollars reported as paid. Rule: Method, *Money*."""
    return _sum("usd_paid", "US dollars reported as paid", payments.added(found.payments, "paid"))


def usd_agreed(found: Frames) -> Answer:
    """Lump sums in US dollars reported as agreed; not to be added to those paid."""
    return _sum("usd_agreed", "US dollars reported as agreed", payments.added(found.payments, "agreed"))


def usd_agreed_firm(found: Frames) -> Answer:
    """Of the sums reported as agreed, those that rest on documents, courts or officials in two origins."""
    rows = payments.added(found.payments, "agreed")
    label = "US dollars reported as agreed by documents, courts, or officials in two origins"
    return _sum("usd_agreed_firm", label, rows[rows["firmness"] == payments.FIRM])


QUANTITIES: tuple[Callable[[Frames], Answer], ...] = (
    countries_reported,
    countries_asked,
    countries_agreed,
    countries_received,
    countries_agreed_stopped,
    countries_declined,
    countries_disputed,
    people_at_least,
    usd_paid,
    usd_agreed,
    usd_agreed_firm,
)


def compute(ledger: Ledger, parameters: Parameters, found: Frames | None = None) -> dict[str, Answer]:
    """All quantities by name, of what is known of the ledger."""
    found = found or frames(ledger, parameters)
    return {quantity.__name__: quantity(found) for quantity in QUANTITIES}


def table(numbers: dict[str, Answer]) -> pd.DataFrame:
    """The answers as rows: ``quantity`` (its name), ``label``, ``value``, ``range_low``, ``range_high``, ``unit``,
    ``countries`` (how many), ``support``, ``claim_ids``.
    """
    columns = ["quantity", "label", "value", "range_low", "range_high", "unit", "countries", "support", "claim_ids"]
    rows = [
        (
            a.name,
            a.label,
            a.value,
            a.range_low,
            a.range_high,
            a.unit,
            len(a.receivers),
            a.support,
            "; ".join(a.claim_ids),
        )
        for a in numbers.values()
    ]
    return pd.DataFrame(rows, columns=columns)


def cell(name: str, label: str, countries: pd.DataFrame) -> Answer:
    """The number in a cell of a table of countries, for instance of one region and step, as an answer of its own."""
    return _countries(name, label, countries)


def newest_day(ledger: Ledger) -> str:
    """The day of the newest report that counts, in words: what every page says of itself."""
    return dates.show_day(ledger.as_of)


def _countries(name: str, label: str, rows: pd.DataFrame, column: str = "") -> Answer:
    """A count of countries. Behind each stand the claims of its position, or those in ``column``, one of what is beside it."""
    ids = rows["claim_ids"].where(rows["claim_ids"] != "", rows["also_claim_ids"])
    support = positions.with_evidence(rows)["support"]
    if column:
        ids, support = rows[column], rows[positions.BESIDE[column]]
    return Answer(
        name=name,
        label=label,
        value=len(rows),
        unit=COUNTRIES,
        claim_ids=_ids(ids),
        receivers=tuple(sorted(rows["receiver"])),
        support=provenance.support_of_sum([1.0] * len(rows), support),
    )


def _sum(name: str, label: str, rows: pd.DataFrame) -> Answer:
    low, high = ranges.add(rows["amount_min"], rows["amount_max"])
    range_low, range_high = full_range(rows)
    return Answer(
        name=name,
        label=label,
        value=low or 0.0,
        high=high,
        unit=USD,
        claim_ids=_ids(rows["claim_ids"]),
        receivers=tuple(sorted(set(rows["receiver"]))),
        support=provenance.support_of_sum(rows["amount_min"].fillna(0), rows["support"]),
        range_low=range_low,
        range_high=range_high,
    )


def _ids(joined: pd.Series) -> tuple[str, ...]:
    return tuple(provenance.split(provenance.merged(joined)))
