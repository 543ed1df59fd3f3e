"""Sums reported, by payment and by stage."""

from analysis.display.tables import column
from analysis.display.tables.column import Column
from analysis.display.tables.table import Table
from analysis.ledger import schema
from analysis.values import countries
from analysis.views import payments


def reported_payments(rows, name="payments", caption="Payments reported, one row per payment and stage"):
    """Payer, payee, sum, stage, who reported it, and by which rule a figure was chosen."""
    frame = rows.assign(
        country=[countries.name(code) for code in rows["receiver"]],
        payer_name=[countries.name(code) if code else "not reported" for code in rows["payer"]],
        payee_name=[countries.name(code) if code else "not reported" for code in rows["payee"]],
    )
    shown = (
        column.text("country", "For taking people in"),
        column.text("payer_name", "Payer"),
        column.text("payee_name", "Payee"),
        Column("Sum", payments.show_amount, numeric=True),
        column.code("payments", "stage", "Stage"),
        column.count("people_basis", "For how many people"),
        column.text("purpose", "For"),
        column.text("reported_by", "First reported by"),
        column.day("first_known", "Public by"),
        column.count("origins", "Origins"),
        column.text("rule", "Chosen by"),
        column.FLAGS,
        column.CLAIMS,
    )
    return Table(name, caption, frame, shown)


def payments_by_stage(rows):
    """Offered, agreed and paid side by side, one row per payment."""
    frame = rows.assign(country=[countries.name(code) for code in rows["receiver"]])
    stages = [column.text(stage, schema.label("payments", "stage", stage)) for stage in payments.STAGES]
    shown = (
        column.text("country", "For taking people in"),
        column.text("payment_id", "Payment"),
        *stages,
        column.text("part_of", "Part of"),
    )
    return Table("payments_by_stage", "Each payment from request to use, as reported", frame, shown)


def payment_totals(rows):
    """Sums by stage with their coverage."""
    shown = (
        column.code("payments", "stage", "Stage"),
        column.between("low", "high", "Lump sums in US dollars"),
        column.count("payments", "Payments added"),
        column.count("left_out", "Payments not added"),
        Column(
            "Sum known for", lambda row: f"{int(row['countries_known'])} of {int(row['countries_agreed'])} countries"
        ),
    )
    return Table("payment_totals", "Sums by stage; stages are never added to one another", rows, shown)


def prices(rows):
    """Sum per place in the contract and per person received, each labelled."""
    frame = rows.assign(name=[countries.name(code) for code in rows["receiver"]])
    shown = (
        column.text("name", "Payee"),
        column.code("payments", "stage", "Stage"),
        column.between("amount_min", "amount_max", "Sum in US dollars"),
        column.count("people_basis", "People it is for"),
        column.between("place_low", "place_high", "US dollars per place"),
        column.between("people_low", "people_high", "People received"),
        column.between("received_low", "received_high", "US dollars per person received"),
        column.CLAIMS,
    )
    return Table(
        "prices", "Price per place and price per person received, computed from the reported ranges", frame, shown
    )
