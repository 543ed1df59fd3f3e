"""Money reported: one row per payment and stage, totals that never mix stages, prices per person.

Rule: Method, *Money*: lead with what is reported paid; stages are never added; totals stand by firmness; a price per person
divides one arrangement's sum by that arrangement's people. What belongs elsewhere: people (``transfers``).

Typical use::

    sums = payments.reported(ledger, Parameters())
    payments.totals(sums)
"""

import math
from collections.abc import Callable
from typing import TypedDict

import pandas as pd

from analysis.ledger import Ledger, schema
from analysis.values import ranges
from analysis.views import provenance, scope
from analysis.views.choose import PREFERENCE, choose, full_range, rank
from analysis.views.parameters import Parameters

STAGES = tuple(schema.codes("payments", "stage"))
PAID_FIRST = ("paid", "spent", "agreed", "approved", "offered", "requested")  # in which order stages are listed
WRITTEN = ("document", "court")
BY_OFFICIALS = ("government_statement", "official_named")
FIRM, OTHER = "firm", "other"


class Total(TypedDict):
    """A row of :func:`totals`."""

    stage: str
    firmness: str
    amount_usd_low: float
    amount_usd_high: float
    range_low: float
    range_high: float
    payments: int
    countries: int
    support: str
    claim_ids: str


class Price(TypedDict):
    """A row of :func:`per_person`; prices in US dollars, missing where a part is not reported."""

    payment_id: str
    arrangement_id: str
    receiver: str
    stage: str
    amount_min: float
    amount_max: float
    people_basis: float
    people_received_low: float
    people_received_high: float
    usd_per_place_low: float
    usd_per_place_high: float
    usd_per_person_received_low: float
    usd_per_person_received_high: float
    support: str
    claim_ids: str


def reported(
    ledger: Ledger, parameters: Parameters, context: bool = False, preference: dict[str, str] = PREFERENCE
) -> pd.DataFrame:
    """One row per ``payment_id`` and ``stage``, chosen and ranged as :func:`choose.choose` says.

    Adds ``firmness`` and ``wholes`` (of what it is a part, see :func:`provenance.wholes`).

    By default the payments of the programme to states; with ``context`` all others: other programmes, sums over several
    countries, costs of the sender. ``people_basis`` is that of the best claim of the group that names one. ``firmness`` is
    ``firm`` where the sum rests on a document, a court, or officials' statements in at least two origins, else ``other``.
    Paid comes first, then the other stages from the firmest down; within a stage the largest.
    """
    mine = scope.in_scope(ledger.payments, parameters.programme)
    claims = ledger.payments[~mine if context else mine]
    keys = ["payment_id", "stage"]
    groups = choose(claims, keys, "amount_min", "amount_max", preference)
    groups = groups[groups["origins"] >= parameters.min_origins]

    asserted = rank(claims[claims["stance"] == "asserts"], keys, "amount_min", "amount_max", preference)
    named_people = asserted.dropna(subset=["people_basis"]).groupby(keys)["people_basis"].first()
    pairs = pd.MultiIndex.from_frame(groups[keys])
    groups["people_basis"] = groups["people_basis"].fillna(
        pd.Series(named_people.reindex(pairs).to_numpy(), groups.index)
    )
    sound = asserted[~asserted["doubtful"]]
    written = sound[sound["basis"].isin(WRITTEN)].groupby(keys)["origin_id"].nunique()
    officials = sound[sound["basis"].isin(BY_OFFICIALS)].groupby(keys)["origin_id"].nunique()
    firm = (written.reindex(pairs).fillna(0) >= 1).to_numpy() | (officials.reindex(pairs).fillna(0) >= 2).to_numpy()
    groups["wholes"] = provenance.wholes(groups["payment_id"], claims, "payment_id")
    groups["firmness"] = pd.Series(firm, groups.index).map({True: FIRM, False: OTHER})

    order = groups.assign(
        place=groups["stage"].map(PAID_FIRST.index), size=groups["amount_max"].fillna(groups["amount_min"])
    )
    order = order.sort_values(["place", "size", "payment_id"], ascending=[True, False, True], ignore_index=True)
    return order.drop(columns=["place", "size"])


def added(sums: pd.DataFrame, stage: str) -> pd.DataFrame:
    """The rows of :func:`reported` that a total at ``stage`` adds up: lump sums in US dollars with a figure, no parts.

    A part (``part_of``) is left out where its whole, or the whole of its whole, is itself added at that stage.
    """
    here = sums[(sums["stage"] == stage) & (sums["unit"] == "lump_sum") & (sums["currency"] == "USD")]
    here = here[here[["amount_min", "amount_max"]].notna().any(axis=1)]
    return here[~provenance.is_part(here, set(here["payment_id"]))]


def totals(sums: pd.DataFrame) -> pd.DataFrame:
    """Lump sums in US dollars per stage and firmness, from :func:`reported`. Columns: :class:`Total`.

    ``amount_usd_low`` and ``amount_usd_high`` add up the chosen claims, ``range_low`` and ``range_high`` the full ranges; the
    upper ones are missing where a sum is open at the top. ``countries`` counts the receivers. Each stage has a row
    for ``firm``, one for ``other`` (where there are such sums) and one for ``all``. Paid comes first.
    """
    rows = []
    for stage in sorted(set(sums["stage"]), key=PAID_FIRST.index):
        summed = added(sums, stage)
        for firmness in (FIRM, OTHER, "all"):
            part = summed if firmness == "all" else summed[summed["firmness"] == firmness]
            if part.empty:
                continue
            low, high = ranges.add(part["amount_min"], part["amount_max"])
            range_low, range_high = full_range(part)
            rows.append(
                {
                    "stage": stage,
                    "firmness": firmness,
                    "amount_usd_low": low,
                    "amount_usd_high": high,
                    "range_low": range_low,
                    "range_high": range_high,
                    "payments": len(part),
                    "countries": part["receiver"].nunique(),
                    "support": provenance.support_of_sum(part["amount_min"].fillna(0), part["support"]),
                    "claim_ids": provenance.merged(part["claim_ids"]),
                }
            )
    columns = list(Total.__annotations__)
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:6], "float64"))


def by_stage(sums: pd.DataFrame) -> pd.DataFrame:
    """One row per payment, its stages side by side, from :func:`reported`.

    Columns: ``payment_id``, ``receiver``, ``part_of``, one per stage (the sum in words, blank where none), ``claim_ids``.
    """
    worded = sums.assign(words=[show_amount(row) for row in sums.to_dict("records")])
    table = worded.pivot(index="payment_id", columns="stage", values="words").reindex(columns=list(STAGES))
    table = table.astype("str").fillna("")
    groups = sums.groupby("payment_id")
    table = table.assign(claim_ids=groups["claim_ids"].agg(provenance.merged)).join(
        groups[["receiver", "part_of"]].first()
    )
    table = table.reset_index().rename_axis(columns=None)
    columns = ["payment_id", "receiver", "part_of", *STAGES, "claim_ids"]
    return table.sort_values(["receiver", "payment_id"], ignore_index=True)[columns]


def per_person(sums: pd.DataFrame, arrangements: pd.DataFrame) -> pd.DataFrame:
    """Price per place agreed and price per person received: two different numbers. Columns: :class:`Price`.

    One row per lump sum in US dollars at agreed or further for which one of the prices can be given. ``arrangements`` is
    :func:`transfers.by_destination` per arrangement: a sum is divided by the people of its own arrangement only. The most
    people give the lower price. A price has as many significant digits as the sum, and two at the least; the lower bound of
    a range is rounded down and the upper one up, so that the range holds what was divided.
    """
    agreed_or_later = sums[
        sums["stage"].isin(["agreed", "paid", "spent"]) & (sums["unit"] == "lump_sum") & (sums["currency"] == "USD")
    ]
    people = arrangements.set_index("arrangement_id")
    low = provenance.of_each(agreed_or_later["arrangement_id"], people["people_at_least"])
    high = provenance.of_each(agreed_or_later["arrangement_id"], _most(people))
    table = agreed_or_later.assign(people_received_low=low, people_received_high=high)
    divided = (
        ("usd_per_place", table["people_basis"], table["people_basis"]),
        ("usd_per_person_received", high, low),
    )
    for price, most, fewest in divided:
        lows, highs = table["amount_min"] / most.where(most > 0), table["amount_max"] / fewest.where(fewest > 0)
        for end, values, amount, outwards in (
            ("low", lows, "amount_min", math.floor),
            ("high", highs, "amount_max", math.ceil),
        ):
            table[f"{price}_{end}"] = [
                rounded(value, like, round if point else outwards)
                for value, like, point in zip(values, table[amount], lows == highs, strict=True)
            ]
    ids = provenance.of_each(agreed_or_later["arrangement_id"], people["claim_ids"]).astype("str").fillna("")
    table["claim_ids"] = [provenance.merged(pair) for pair in zip(table["claim_ids"], ids, strict=True)]
    table = table[table.filter(like="usd_per_").notna().any(axis=1)]
    return table[list(Price.__annotations__)].reset_index(drop=True)


def _most(people: pd.DataFrame) -> pd.Series:
    """The most people reported to have arrived, per row of ``transfers.by_destination``; missing where that is open."""
    open_top = (
        people["range_high"].isna()
        | ((people["movements"] > 0) & people["movements_high"].isna())
        | (people["running_total_low"].notna() & people["running_total_high"].isna())
    )
    return people[["range_high", "movements_high", "running_total_high"]].max(axis=1).mask(open_top)


def rounded(value: float, like: float, to_whole: Callable[[float], int] = round) -> float:
    """``value`` with as many significant digits as ``like`` has, two at the least: (63025.21, 7500000) → 63000.

    ``to_whole`` may round down or up instead: (113636.36, 7500000, math.ceil) → 120000.
    """
    if not ranges.present(value) or not value:
        return value
    digits = max(2, len(f"{like:.0f}".rstrip("0")))
    place = math.floor(math.log10(value)) + 1 - digits
    return float(f"{to_whole(round(value / 10.0**place, 6))}e{place}")


def show_amount(row: dict) -> str:
    """Amount with currency and unit in words: ``USD 100,000``, ``up to USD 1,000 per person``, ``sum not reported``."""
    low, high, currency = row["amount_min"], row["amount_max"], row["currency"]
    if not ranges.present(low) and not ranges.present(high):
        return "sum not reported"
    figure = ranges.show_range(low, high)
    opening = "up to " if figure.startswith("up to ") else ""
    figure = f"{opening}{currency} {figure.removeprefix(opening)}"
    return figure if row["unit"] == "lump_sum" else f"{figure} {schema.label('payments', 'unit', row['unit'])}"
