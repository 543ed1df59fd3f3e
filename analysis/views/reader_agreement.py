"""How far two independent readers agree: Cohen's kappa on steps, exact matches on stance, numbers and dates.

Computed from readings.csv, which holds what each reader coded before they compared. The coded value itself is in the
claim; what was settled afterwards is in CODING.md.
"""

import pandas as pd

from analysis.ledger import schema


def cohens_kappa(first, second):
    """Agreement of two codings beyond chance (Cohen 1960): 1 is perfect, 0 what chance gives. NaN without rows.

    ``first`` and ``second`` are equally long sequences of codes.
    """
    pairs = pd.DataFrame({"first": list(first), "second": list(second)})
    if pairs.empty:
        return float("nan")
    observed = (pairs["first"] == pairs["second"]).mean()
    shares = [pairs[column].value_counts(normalize=True) for column in ("first", "second")]
    expected = shares[0].mul(shares[1], fill_value=0).sum()
    return 1.0 if expected == 1 else float((observed - expected) / (1 - expected))


def summary(readings):
    """One row per measure: ``measure``, ``agree``, ``of``, ``kappa`` (missing where it does not apply).

    ``of`` counts facts that both readers coded, except in the last two rows, which count the facts that only one of them
    coded: pairing finds agreement more easily than it finds what is missing, so both belong together.
    """
    both = readings[(readings["code_1"] != "") & (readings["code_2"] != "")]
    rows = []
    for table in schema.CLAIM_TABLES:
        part = both[both["table"] == table]
        if len(part):
            kappa = cohens_kappa(part["code_1"], part["code_2"]) if table == "steps" else float("nan")
            name = {"steps": "step", "payments": "stage", "transfers": "population", "tallies": "what is counted"}[
                table
            ]
            rows.append((name, int((part["code_1"] == part["code_2"]).sum()), len(part), kappa))
    for name, column, part in (
        ("stance", "stance", both),
        ("amount", "number", both[both["table"] == "payments"]),
        ("people", "number", both[both["table"] == "transfers"]),
        ("count", "number", both[both["table"] == "tallies"]),
        ("date", "date", both),
    ):
        if len(part):
            rows.append((name, int((part[f"{column}_1"] == part[f"{column}_2"]).sum()), len(part), float("nan")))
    for name, column in (("only the first reader", "code_2"), ("only the second reader", "code_1")):
        rows.append((name, int((readings[column] == "").sum()), len(readings), float("nan")))
    return pd.DataFrame(rows, columns=["measure", "agree", "of", "kappa"])
