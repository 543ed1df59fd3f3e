"""Money reported: one row per payment and stage, and totals that never mix stages, currencies or umbrellas."""

import pandas as pd

from analysis.ledger import schema
from analysis.values import dates, ranges
from analysis.views import choose, positions, provenance, scope

STAGES = ("requested", "offered", "approved", "agreed", "paid", "spent")


def reported(book, parameters, context=False):
    """One row per ``payment_id`` and ``stage``, chosen and ranged as :func:`analysis.views.choose.pick` says.

    By default the payments of the programme to states; with ``context`` all others, kept beside them: other
    programmes, sums over several countries, costs of the sender. Sorted by stage and amount.
    """
    mine = scope.in_scope(book.payments, parameters.programme)
    claims = book.payments[~mine if context else mine]
    groups = choose.pick(claims, ["payment_id", "stage"], "amount_min", "amount_max")
    groups = groups[groups["origins"] >= parameters.min_origins]
    order = groups.assign(
        stage_rank=groups["stage"].map({stage: number for number, stage in enumerate(STAGES)}),
        size=groups["amount_max"].fillna(groups["amount_min"]),
    ).sort_values(["stage_rank", "size", "payment_id"], ascending=[True, False, True])
    return order.drop(columns=["stage_rank", "size"]).reset_index(drop=True)


def totals(payments, standing):
    """Sum of lump sums in US dollars by stage, with coverage; the other units and currencies are counted, not added.

    A part (``part_of``) is left out where its whole has a sum at the same stage.

    Columns: ``stage``, ``low`` and ``high`` (US dollars; ``high`` missing where a sum is open at the top), ``payments``
    (summed), ``left_out`` (other unit, other currency or no amount), ``countries_known`` (receivers with a sum at that
    stage) of ``countries_agreed`` (countries in ``standing`` at agreed or further).
    """
    agreed = set(positions.at_least(standing, "agreed")["receiver"])
    payments = payments[["payment_id", "part_of", "receiver", "stage", "unit", "currency", "amount_min", "amount_max"]]
    rows = []
    for stage in STAGES:
        here = payments[payments["stage"] == stage]
        if here.empty:
            continue
        known = here[["amount_min", "amount_max"]].notna().any(axis=1)
        summed = here[(here["unit"] == "lump_sum") & (here["currency"] == "USD") & known]
        summed = summed[~summed["part_of"].isin(summed["payment_id"])]
        low, high = ranges.add(summed["amount_min"], summed["amount_max"])
        rows.append(
            {
                "stage": stage,
                "low": low,
                "high": high,
                "payments": len(summed),
                "left_out": len(here) - len(summed),
                "countries_known": len(agreed & set(summed["receiver"])),
                "countries_agreed": len(agreed),
            }
        )
    columns = ["stage", "low", "high", "payments", "left_out", "countries_known", "countries_agreed"]
    return pd.DataFrame(rows, columns=columns).astype({"low": "float64", "high": "float64"})


def by_stage(payments):
    """One row per payment: its amount at each stage, so that offered, agreed and paid stand side by side.

    Columns: ``payment_id``, ``receiver``, ``part_of``, one per stage (amount in words, blank where not reported at that
    stage), ``claim_ids``. Sorted by receiver.
    """
    shown = ["payment_id", "receiver", "part_of", *STAGES, "claim_ids"]
    table = payments.dropna(subset=["receiver", "payment_id"])
    if table.empty:
        return pd.DataFrame(columns=shown)
    group = table.groupby(["receiver", "payment_id"], sort=True).ngroup()
    columns = zip(table["amount_min"], table["amount_max"], table["currency"], table["unit"], strict=True)
    words = pd.Series([_words(*cells) for cells in columns], index=group, dtype="str")
    ids = table["claim_ids"].set_axis(group).str.split("; ").explode()
    stages, table = table["stage"], table[["payment_id", "receiver", "part_of"]].set_axis(group)
    table = table[~table.index.duplicated()].sort_index()
    for stage in STAGES:
        table[stage] = words[(stages == stage).to_numpy()].reindex(table.index).fillna("")
    table["claim_ids"] = provenance.joined_by(ids.index.to_series(), ids)
    return table[shown].reset_index(drop=True)


def per_person(payments, destinations):
    """Sum per place and per person received, where both parts are reported: two different numbers.

    One row per payment at agreed or further with a lump sum in US dollars. ``place_low``/``place_high``: the sum divided by
    ``people_basis``, the people it is for. ``received_low``/``received_high``: divided by the people in single movements
    to that destination; the most people gives the lower price. Missing where a part is missing.
    """
    firm = payments[
        payments["stage"].isin(["agreed", "paid", "spent"])
        & (payments["unit"] == "lump_sum")
        & (payments["currency"] == "USD")
    ]
    people = destinations.set_index("receiver")
    table = firm[["payment_id", "receiver", "stage", "amount_min", "amount_max", "people_basis", "claim_ids"]].copy()
    table["people_low"] = people["people_low"].reindex(table["receiver"]).to_numpy()
    table["people_high"] = people["people_high"].reindex(table["receiver"]).to_numpy()
    table["place_low"] = table["amount_min"] / table["people_basis"]
    table["place_high"] = table["amount_max"] / table["people_basis"]
    table["received_low"] = table["amount_min"] / table["people_high"].where(table["people_high"] > 0)
    table["received_high"] = table["amount_max"] / table["people_low"].where(table["people_low"] > 0)
    prices = ["place_low", "place_high", "received_low", "received_high"]
    return table[table[prices].notna().any(axis=1)].reset_index(drop=True)


def headline(payments, totals, as_of):
    """The answer in a sentence: how many payments, and the sum at each stage with its coverage."""
    day = dates.show_day(as_of)
    if payments.empty:
        return f"By {day}, no payment to a receiving state had been reported."
    sums = []
    for row in totals[totals["stage"].isin(["agreed", "paid"])].to_dict("records"):
        figure = ranges.show_range(row["low"], row["high"])
        known = f"such a sum is known for {row['countries_known']} of the {row['countries_agreed']} countries reported "
        known += "to have agreed"
        if row["payments"]:
            sums.append(f"{schema.label('payments', 'stage', row['stage'])} **USD {figure}** ({known})")
    count = payments["payment_id"].nunique()
    noun = "payment" if count == 1 else "payments"
    tail = f" Lump sums by stage: {'; '.join(sums)}." if sums else " None of them is a lump sum in US dollars."
    return f"By {day}, sources had reported **{count} {noun}** to receiving states.{tail}"


def show_amount(row):
    """Amount with currency and unit in words: ``USD 100,000``, ``up to USD 1,000 per person``, ``sum not reported``."""
    return _words(row["amount_min"], row["amount_max"], row["currency"], row["unit"])


def _words(low, high, currency, unit):
    if not ranges.present(low) and not ranges.present(high):
        return "sum not reported"
    figure = ranges.show_range(low, high)
    for prefix in ("up to ", ""):
        if figure.startswith(prefix):
            figure = f"{prefix}{currency} {figure[len(prefix) :]}"
            break
    return figure if unit == "lump_sum" else f"{figure} {schema.label('payments', 'unit', unit)}"
