"""How far two independent readers agree: Cohen's kappa on codes, exact matches on stance, numbers and dates.

Computed from readings.csv, which holds what each reader coded before they compared. What was settled afterwards stands in
the claims and in CODING §8.

Typical use::

    reader_agreement.summary(ledger.load().readings)
"""

from collections.abc import Iterable
from typing import TypedDict

import pandas as pd

from analysis.ledger import schema

CODES = {
    "steps": "step",
    "payments": "stage of a payment",
    "transfers": "what a number of people counts",
    "tallies": "what is counted",
    "acts": "effect of an act",
}
NUMBERS = {"payments": "amount", "transfers": "number of people", "tallies": "count"}
UNDEFINED = float("nan")


class Agreement(TypedDict):
    """A row of :func:`summary`."""

    measure: str
    agree: int
    of: int
    share: float
    kappa: float


def cohens_kappa(first: Iterable[str], second: Iterable[str]) -> float:
    """Agreement of two codings beyond chance (Cohen 1960): 1 is perfect, 0 what chance gives.

    ``first`` and ``second`` are equally long. NaN where it is undefined: without rows, or where both use one code only.
    """
    pairs = pd.DataFrame({"first": list(first), "second": list(second)})
    if pairs.empty:
        return UNDEFINED
    observed = (pairs["first"] == pairs["second"]).mean()
    shares = [pairs[column].value_counts(normalize=True) for column in ("first", "second")]
    expected = shares[0].mul(shares[1], fill_value=0).sum()
    return UNDEFINED if expected == 1 else float((observed - expected) / (1 - expected))


def summary(readings: pd.DataFrame) -> pd.DataFrame:
    """One row per measure. Columns: :class:`Agreement`; ``kappa`` is missing where it does not apply.

    The first rows count facts that both readers coded. The last counts all facts that either of them coded, and how many
    of these both found: pairing finds agreement more easily than it finds what is missing, so both sides belong together.
    """
    both = readings[(readings["code_1"] != "") & (readings["code_2"] != "")]
    rows = []

    def add(measure: str, part: pd.DataFrame, column: str, with_kappa: bool = False) -> None:
        if len(part):
            first, second = part[f"{column}_1"], part[f"{column}_2"]
            kappa = cohens_kappa(first, second) if with_kappa else UNDEFINED
            rows.append((measure, int((first == second).sum()), len(part), kappa))

    for table in schema.CLAIM_TABLES:
        add(CODES[table], both[both["table"] == table], "code", with_kappa=True)
    add("stance", both, "stance")
    for table, measure in NUMBERS.items():
        add(measure, both[both["table"] == table], "number")
    add("date", both, "date")
    rows.append(("found by both readers, of all facts that either coded", len(both), len(readings), UNDEFINED))
    table = pd.DataFrame(rows, columns=["measure", "agree", "of", "kappa"])
    return table.assign(share=table["agree"] / table["of"])[list(Agreement.__annotations__)]
