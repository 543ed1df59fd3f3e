"""What the published ledger must go on saying: data/expectations.csv held against the claims.

A correction of a claim that an expectation rests on is told by ``make check``, with both places, so that a curator mends
the one that is wrong; no test knows these facts. What belongs elsewhere: rules for every ledger (``checks``).

Typical use::

    check(files.read_all())  # what is not as expected is in the problems of the table "expectations"
"""

import math
from collections.abc import Mapping

import pandas as pd

from analysis.ledger import schema
from analysis.ledger.files import RawTable, records
from analysis.values.problems import shown

OF_ARRANGEMENT = ("receiver", "instrument")  # columns of a claim's arrangement that an expectation may name
FIX = "correct the claim if it was coded in error, else this expectation, with a note"


def check(raws: Mapping[str, RawTable]) -> None:
    """Add a problem to the table of expectations for each that does not hold. The other tables have no problems."""
    if schema.EXPECTATIONS not in raws:
        return
    table = raws[schema.EXPECTATIONS]
    if table.problems:
        return
    expected = dict(zip(table.cells["expectation_id"], table.cells["expected"], strict=True))
    for line, row in zip(table.cells.index.tolist(), records(table.cells), strict=True):
        for column, how in (("sum_of", "sum"), ("product_of", "product")):
            if row[column]:
                _check_arithmetic(table, line, row, column, how, expected)
        if row["table"]:
            _check_claims(table, line, row, raws)
        elif not row["sum_of"] and not row["product_of"]:
            table.wrong(line, "an expectation looks at a table, or is a sum or a product", "fill in table", "table")


def _check_arithmetic(
    table: RawTable, line: int, row: Mapping[str, str], column: str, how: str, expected: Mapping[str, str]
) -> None:
    names = row[column].split(";")
    if lost := [name for name in names if name not in expected]:
        table.wrong(line, f"expectations of this table; {', '.join(lost)} is none", "correct it", column, row[column])
        return
    parts, whole = [_number(expected[name]) for name in names], _number(row["expected"])
    if whole is None or None in parts:
        table.wrong(line, "one number each, for which alone there is arithmetic", "correct it", column, row[column])
        return
    numbers = [part for part in parts if part is not None]
    made = math.fsum(numbers) if how == "sum" else math.prod(numbers)
    if not math.isclose(made, whole):
        rule = f"the {how} of {', '.join(names)}, which is {made:.15g}"
        table.wrong(line, rule, "correct one of them", "expected", row["expected"])


def _check_claims(table: RawTable, line: int, row: Mapping[str, str], raws: Mapping[str, RawTable]) -> None:
    claims = _claims(raws, row["table"])
    if row["column"] not in claims:
        table.wrong(
            line, f"a column of {row['table']}.csv", f"known: {', '.join(map(str, claims))}", "column", row["column"]
        )
        return
    for condition in filter(None, row["where"].split(";")):
        name, _, wanted = condition.partition("=")
        if name not in claims:
            table.wrong(
                line, f"columns of {row['table']}.csv", f"known: {', '.join(map(str, claims))}", "where", row["where"]
            )
            return
        claims = claims[claims[name].isin(wanted.split("|"))]
    most = _number(row["expected"])
    if row["rule"] == "at_most" and most is None:
        table.wrong(line, "one number where the rule is at_most", "write the number", "expected", row["expected"])
        return
    if row["rule"] == "at_most" and claims.empty:
        table.wrong(line, "one claim at least is meant", "correct the condition", "where", row["where"])
        return
    found = sorted(set(claims[row["column"]]) - {""}, key=_by_number)
    wanted_values = [value for value in row["expected"].split(";") if value]
    missing = [value for value in wanted_values if value not in found]
    if row["rule"] == "at_most":
        extra = [
            value for value in found if most is not None and (number := _number(value)) is not None and number > most
        ]
        missing = []
    else:
        extra = [value for value in found if row["rule"] == "are" and value not in wanted_values]
    if not missing and not extra:
        return
    odd = claims[claims[row["column"]].isin(extra)] if extra else claims
    places = [f"{raws[row['table']].file}:{at}" for at in odd.index[:5]] or [f"no claim in {raws[row['table']].file}"]
    rule = f"what the claims say; they say {shown(';'.join(found)) or 'nothing'} ({', '.join(places)})"
    table.wrong(line, rule, FIX, "expected", row["expected"])


def _claims(raws: Mapping[str, RawTable], name: str) -> pd.DataFrame:
    """The active claims of a table, with what an expectation may name of their arrangements."""
    cells = raws[name].cells
    cells = cells[cells["status"] == "active"]
    if "arrangement_id" not in cells:
        return cells
    arrangements = raws["arrangements"].cells.drop_duplicates("arrangement_id").set_index("arrangement_id")
    of_claims = arrangements[list(OF_ARRANGEMENT)].reindex(cells["arrangement_id"]).set_axis(cells.index)
    return cells.assign(**{column: of_claims[column] for column in OF_ARRANGEMENT})


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _by_number(text: str) -> tuple[float, str]:
    number = _number(text)
    return (math.inf if number is None else number), text
