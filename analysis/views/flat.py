"""All claims of all tables as one flat table, with what each says in the same columns and whether a headline rests on it.

For those who load one file: sums over the rows that are ``counted`` are the published numbers. What belongs elsewhere: the
numbers themselves (``answers``), files (``report``).

Typical use::

    claims = flat.claims(ledger, Parameters())
    claims[claims["quantity"] == "usd_paid"]["value_min"].sum()
"""

from typing import TypedDict

import pandas as pd

from analysis.ledger import Ledger, schema
from analysis.values import countries as places
from analysis.views import answers, payments, positions, provenance, scope, transfers
from analysis.views.parameters import Parameters


class FlatClaim(TypedDict):
    """A row of :func:`claims`."""

    claim_id: str
    table: str
    country: str
    iso3: str
    region: str
    programme: str
    instrument: str
    arrangement_id: str
    thing_id: str
    code: str
    stance: str
    value_min: float
    value_max: float
    unit: str
    currency: str
    date: str
    date_earliest: pd.Timestamp
    date_latest: pd.Timestamp
    public_on: pd.Timestamp
    wording: str
    basis: str
    doubtful: bool
    source_id: str
    source_publisher: str
    source_url: str
    origin_id: str
    origin_publisher: str
    counted: bool
    quantity: str
    why_not: str
    health: float


def claims(ledger: Ledger, parameters: Parameters, found: answers.Frames | None = None) -> pd.DataFrame:
    """One row per claim that is known, dated or not, in the order of the claims' numbers. Columns: :class:`FlatClaim`.

    ``code`` is the step, stage, population, thing counted or effect; ``thing_id`` the payment, movement, count or act.
    ``unit`` says what ``value_min`` and ``value_max`` are: people, countries, … or an amount in ``currency``. ``counted`` is
    true for the claims that the headlines rest on, and ``quantity`` names the headline: for ``usd_paid`` and
    ``people_at_least`` the one claim per payment or movement whose figure is added up, so that the sum of ``value_min`` is
    the published number; for the rest the furthest of ``countries_reported``, ``countries_agreed`` and
    ``countries_received`` that the claim's country counts in. ``why_not`` says of all others why they are not counted.
    ``health`` is that of :func:`provenance.health`, where the origins are those that say the same of the same thing.
    ``found`` is the result of ``answers.frames``, where somebody has it already.
    """
    if found is None:
        found = answers.frames(ledger, parameters)
    dated = [_common(getattr(ledger, table), table) for table in schema.CLAIM_TABLES]
    undated = [_common(claims, str(table)) for table, claims in ledger.undated.groupby("table")]
    rows = pd.concat([*dated, *undated], ignore_index=True)
    rows["iso3"] = rows["receiver"].fillna("")
    rows["country"] = [places.name(code) if code else "" for code in rows["iso3"]]
    rows["region"] = [places.region(code, parameters.region_scheme) if code else "" for code in rows["iso3"]]
    urls = ledger.sources.set_index("source_id")["url"]
    rows["source_url"] = rows["source_id"].map(urls).fillna("")
    quantity = _counted(ledger, parameters, found)
    rows["quantity"] = [quantity.get(claim, "") for claim in rows["claim_id"]]
    rows["counted"] = rows["quantity"] != ""
    rows["why_not"] = _why_not(rows, parameters)
    rows["health"] = _health(rows)
    rows = rows.sort_values("claim_id", key=lambda ids: ids.map(provenance.claim_number), ignore_index=True)
    return rows[list(FlatClaim.__annotations__)]


def _common(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """The claims of one table in the columns that all share."""
    low, high = schema.FIGURE_COLUMNS.get(table, ("", ""))
    missing = pd.Series(float("nan"), index=rows.index)
    common = rows.assign(
        table=table,
        code=rows[schema.CODE_COLUMN[table]],
        thing_id=rows[schema.THING_COLUMN[table]] if table in schema.THING_COLUMN else "",
        value_min=rows[low] if low else missing,
        value_max=rows[high] if high else missing,
        unit=rows["unit"] if table in ("payments", "tallies") else ("people" if table == "transfers" else ""),
        currency=rows["currency"] if table == "payments" else "",
    )
    wanted = [*FlatClaim.__annotations__, "receiver", "part_of", "source_kind"]
    return common.reindex(columns=[name for name in wanted if name in common.columns])


def _health(rows: pd.DataFrame) -> pd.Series:
    same = rows.groupby(["table", "arrangement_id", "thing_id", "code", "stance"], dropna=False)["origin_id"]
    support = pd.Series("", index=rows.index).mask(~rows["doubtful"] & (rows["source_kind"] != "digest"), "a page")
    bounded = rows[["value_min", "value_max"]].notna().all(axis=1).astype("float64")
    return provenance.health(
        origins=same.transform("nunique"),
        support=support,
        dated=rows[["date_earliest", "date_latest"]].notna().all(axis=1),
        bounded=bounded.where(rows["table"].isin(schema.FIGURE_COLUMNS)),
    )


def _counted(ledger: Ledger, parameters: Parameters, found: answers.Frames) -> dict[str, str]:
    """Claim → the headline that rests on it."""
    quantity: dict[str, str] = {}
    for name, step in (("countries_reported", ""), ("countries_agreed", "agreed"), ("countries_received", "received")):
        rows = positions.at_least(found.countries, step) if step else found.countries
        for joined in rows["claim_ids"].where(rows["claim_ids"] != "", rows["also_claim_ids"]):
            quantity |= dict.fromkeys(provenance.split(joined), name)
    quantity |= dict.fromkeys(payments.added(found.payments, "paid")["chosen_claim"], "usd_paid")
    movements = transfers.reported(ledger, parameters)
    behind = transfers.behind(movements)
    return quantity | dict.fromkeys(behind["chosen_claim"], "people_at_least")


def _why_not(rows: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """In words, why a claim is not counted; the first reason that holds. Blank for those that are."""
    in_scope = scope.in_scope(rows, parameters.programme)
    without_figure = rows[["value_min", "value_max"]].isna().all(axis=1)
    thing_counts = rows["thing_id"].isin(rows.loc[rows["counted"], "thing_id"])
    few = "fewer origins than asked for, or " if parameters.min_origins > 1 else ""
    reasons = [
        (rows["counted"], ""),
        (rows["public_on"].isna(), "undated"),
        (rows["table"] == "tallies", "a count that others published"),
        (rows["table"] == "acts", "an act, not a position"),
        (rows["programme"] != parameters.programme, "other programme"),
        (rows["instrument"] == "own_nationals", "own nationals"),
        (~in_scope, "no single country"),
        (rows["doubtful"], "doubtful"),
        (rows["stance"] == "denies", "a denial"),
        ((rows["table"] == "payments") & (rows["code"] != "paid"), "another stage; stages are never added"),
        ((rows["table"] == "payments") & (rows["unit"] != "lump_sum"), "a price or an umbrella sum, not a lump sum"),
        ((rows["part_of"].fillna("") != "") & ~thing_counts, "part of another"),
        ((rows["table"] == "payments") & thing_counts, "another claim about the same money is counted"),
        ((rows["table"] == "payments") & without_figure, "gives no sum"),
        ((rows["table"] == "payments") & (rows["currency"] != "USD"), "a sum in another currency"),
        (rows["table"] == "payments", "fewer origins than asked for"),
        ((rows["table"] == "transfers") & rows["code"].isin(["cap", "planned"]), "a ceiling or a plan"),
        ((rows["table"] == "transfers") & (rows["code"] == "mixed"), "own nationals in the same movement"),
        ((rows["table"] == "transfers") & without_figure & ~thing_counts, "gives no number"),
        (
            rows["table"] == "transfers",
            f"{few}another claim, or the larger of running total and single movements, is counted",
        ),
    ]
    why = pd.Series(f"{few}the country stands at a further step, or this is off the ladder", index=rows.index)
    for holds, words in reversed(reasons):
        why = why.mask(holds.astype(bool), words)
    return why
