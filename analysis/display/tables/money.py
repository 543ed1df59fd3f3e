"""Tables of money: sums by payment, by stage, totals and prices."""

import pandas as pd

from analysis.display.tables import column
from analysis.display.tables.column import Column
from analysis.display.tables.table import Table
from analysis.ledger import schema
from analysis.values import countries
from analysis.views import payments

FIRMNESS = {
    "firm": "a document, a court, or officials in two origins",
    "other": "other reports",
    "all": "all",
}


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(name=[countries.name(code) for code in rows["receiver"]])


def reported_payments(
    rows: pd.DataFrame, name: str = "payments", caption: str = "Payments reported, one row per payment and stage"
) -> Table:
    """Payer, payee, sum, stage, who reported it, and by which rule a figure was chosen; from :func:`payments.reported`."""
    frame = _named(rows).assign(
        payer_name=[countries.name(code) if code else "not reported" for code in rows["payer"]],
        payee_name=[countries.name(code) if code else "not reported" for code in rows["payee"]],
    )
    shown = (
        column.COUNTRY,
        Column("Sum", payments.show_amount, numeric=True),
        column.code("payments", "stage", "Stage"),
        Column("Rests on", lambda row: FIRMNESS[row["firmness"]]),
        column.text("payer_name", "Payer"),
        column.text("payee_name", "Payee"),
        column.count("people_basis", "For how many people"),
        column.text("purpose", "For"),
        column.text("origin_publisher", "This figure from"),
        column.text("first_reported_by", "Payment first reported by"),
        column.day("first_public_on", "Public by"),
        column.count("origins", "Origins"),
        column.SUPPORT,
        column.text("rule", "Why this figure"),
        column.CLAIMS,
        column.claims("denial_ids", "Denials"),
    )
    return Table(name, caption, frame, shown)


def payments_by_stage(rows: pd.DataFrame) -> Table:
    """The stages of each payment side by side, from :func:`payments.by_stage`."""
    stages = [column.text(stage, schema.label("payments", "stage", stage)) for stage in payments.STAGES]
    shown = (
        column.COUNTRY,
        column.text("payment_id", "Payment"),
        *stages,
        column.text("part_of", "Part of"),
        column.CLAIMS,
    )
    return Table("payments_by_stage", "Each payment from request to use, as reported", _named(rows), shown)


def payment_totals(rows: pd.DataFrame) -> Table:
    """Sums by stage and firmness, from :func:`payments.totals`."""
    shown = (
        column.code("payments", "stage", "Stage"),
        Column("Rests on", lambda row: FIRMNESS[row["firmness"]]),
        column.between("amount_usd_low", "amount_usd_high", "Lump sums in US dollars"),
        column.count("payments", "Payments"),
        column.count("countries", "Countries"),
        column.SUPPORT,
        column.CLAIMS,
    )
    return Table("payment_totals", "Sums by stage; stages are never added to one another", rows, shown)


def prices(rows: pd.DataFrame) -> Table:
    """Sum per person named beside it and per person received, from :func:`payments.per_person`."""
    shown = (
        column.COUNTRY,
        column.code("payments", "stage", "Stage"),
        column.between("amount_min", "amount_max", "Sum in US dollars"),
        column.count("people_basis", "People named beside the sum"),
        column.between("usd_per_place_low", "usd_per_place_high", "US dollars per person named"),
        column.between("people_received_low", "people_received_high", "People received"),
        column.between("usd_per_person_received_low", "usd_per_person_received_high", "US dollars per person received"),
        column.SUPPORT,
        column.CLAIMS,
    )
    caption = "US dollars per person named and per person received, from the reported ranges and rounded as they are"
    return Table("prices", caption, _named(rows), shown)
