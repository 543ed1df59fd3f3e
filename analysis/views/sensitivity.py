"""How much the answers hang on choices: origins needed, kinds of basis, disputes, the rule that picks a figure.

Each choice is a function that takes the ledger and the parameters and gives what is computed instead. What belongs
elsewhere: the answers themselves (``answers``), how far two readers agree (``reader_agreement``).

Typical use::

    sensitivity.by_choice(ledger, Parameters())
"""

from dataclasses import replace

import pandas as pd

from analysis.ledger import Ledger, schema
from analysis.values import countries as places
from analysis.views import answers, choose, positions, provenance
from analysis.views.parameters import Parameters

OFFICIAL = ("document", "court", "government_statement", "official_named")
SHOWN = ("countries_reported", "countries_agreed", "countries_received", "people_at_least", "usd_paid", "usd_agreed")
AS_PUBLISHED = "as published here"


def by_choice(ledger: Ledger, parameters: Parameters) -> pd.DataFrame:
    """One row per choice, the answers in columns.

    Columns: ``choice`` (in words) and the quantities of :data:`SHOWN` (their ``value``). The first row is the answers with
    the parameters as given.
    """
    return in_columns(by_choice_and_quantity(ledger, parameters))


def in_columns(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of :func:`by_choice_and_quantity` as :func:`by_choice` has them."""
    table = rows.pivot(index="choice", columns="quantity", values="value").reindex(rows["choice"].unique())
    return table.reset_index()[["choice", *SHOWN]].rename_axis(columns=None)


def by_choice_and_quantity(ledger: Ledger, parameters: Parameters, found: answers.Frames | None = None) -> pd.DataFrame:
    """The same as one row per choice and quantity: ``choice`` and the columns of :func:`answers.table`.

    ``found`` is the result of ``answers.frames`` where somebody has it.
    """
    numbers_of = _choices(ledger, parameters, found or answers.frames(ledger, parameters))
    rows = pd.concat([answers.table(numbers).assign(choice=name) for name, numbers in numbers_of], ignore_index=True)
    return rows[rows["quantity"].isin(SHOWN)].reset_index(drop=True)


def _choices(
    ledger: Ledger, parameters: Parameters, found: answers.Frames
) -> list[tuple[str, dict[str, answers.Answer]]]:
    first_published = answers.frames(ledger, parameters, choose.FIRST_PUBLISHED, found.countries)
    return [
        (AS_PUBLISHED, answers.compute(ledger, parameters, found)),
        ("two independent origins needed", answers.compute(ledger, replace(parameters, min_origins=2))),
        ("three independent origins needed", answers.compute(ledger, replace(parameters, min_origins=3))),
        ("without machine-made digests", answers.compute(without_digests(ledger), parameters)),
        ("documents, courts, governments and named officials only", answers.compute(official_only(ledger), parameters)),
        (
            "without countries and sums that another claim denies",
            answers.compute(ledger, parameters, undisputed(found)),
        ),
        ("the figure published first, not the best supported", answers.compute(ledger, parameters, first_published)),
    ]


def _kept(ledger: Ledger, column: str, codes: tuple[str, ...], keep: bool) -> Ledger:
    tables = {name: getattr(ledger, name) for name in schema.CLAIM_TABLES}
    chosen = {name: rows[rows[column].isin(codes) == keep].reset_index(drop=True) for name, rows in tables.items()}
    return replace(ledger, **chosen)


def without_digests(ledger: Ledger) -> Ledger:
    """The ledger without the claims that were read in digests only."""
    return _kept(ledger, "source_kind", ("digest",), keep=False)


def official_only(ledger: Ledger) -> Ledger:
    """The claims that rest on documents, courts, statements of governments, or named officials."""
    return _kept(ledger, "basis", OFFICIAL, keep=True)


def undisputed(found: answers.Frames) -> answers.Frames:
    """The views without what another claim denies; a destination counts if no claim denies its country's position."""
    countries, payments = found.countries, found.payments
    disputed = set(countries.loc[countries["disputed"], "receiver"])
    return answers.Frames(
        countries=countries[~countries["disputed"]],
        movements=found.movements[~found.movements["receiver"].isin(disputed)],
        destinations=found.destinations[~found.destinations["receiver"].isin(disputed)],
        payments=payments[~payments["disputed"]],
    )


def by_region_scheme(ledger: Ledger, parameters: Parameters) -> pd.DataFrame:
    """How the countries that agreed or went further fall into regions, under each scheme.

    Columns: ``scheme`` (in words), ``region``, ``countries_agreed``, ``countries_received``, ``claim_ids``.
    """
    rows = []
    for scheme, words in places.REGION_SCHEMES.items():
        countries = positions.by_country(ledger, replace(parameters, region_scheme=scheme))
        agreed = positions.at_least(countries, "agreed")
        received = positions.at_least(countries, "received")["region"].value_counts()
        for region, group in agreed.groupby("region"):
            ids = provenance.merged(group["claim_ids"])
            rows.append((words, region, len(group), int(received.get(region, 0)), ids))
    return pd.DataFrame(rows, columns=["scheme", "region", "countries_agreed", "countries_received", "claim_ids"])


def holds_under_all(choices: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """The least and the greatest value of each answer over all choices."""
    return {name: (float(choices[name].min()), float(choices[name].max())) for name in SHOWN}
