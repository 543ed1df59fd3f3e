"""What became known between two states of the ledger, in sentences with their claims.

The two states are two days of one ledger, or two revisions of its files at their newest day. What belongs elsewhere:
reading the ledger (``ledger``), where countries stand (``standings``), printing and writing (``__main__``).
"""

from analysis.ledger import schema
from analysis.values import countries, dates, ranges
from analysis.views import payments, positions, transfers


def sentences(before, after, parameters):
    """What differs from ``before`` to ``after``: a list of (kind, sentence) in a fixed order.

    Kinds: ``position`` (a country moved, appeared or lost a step), ``payment``, ``movement``, ``denial``, ``correction`` (a
    claim that was there is gone or says something else). Every sentence ends with the claims behind it.
    """
    found = []
    found += _positions(before, after, parameters)
    found += _new_rows(before, after, parameters, payments, "payment", _payment)
    found += _new_rows(before, after, parameters, transfers, "movement", _movement)
    found += _denials(before, after, parameters)
    found += _corrections(before, after)
    return found


def report(before, after, parameters, title):
    """The same as a Markdown page."""
    headings = {
        "position": "Countries that moved a step",
        "payment": "Payments",
        "movement": "People",
        "denial": "Denials",
        "correction": "Corrections",
    }
    found = sentences(before, after, parameters)
    lines = [f"# {title}", ""]
    if not found:
        lines += ["Nothing became known.", ""]
    for kind, heading in headings.items():
        of_kind = [text for name, text in found if name == kind]
        if of_kind:
            lines += [f"## {heading}", "", *(f"- {text}" for text in of_kind), ""]
    return "\n".join(lines)


def _label(step):
    return "no step" if step == positions.NO_RUNG else schema.label("steps", "step", step)


def _positions(before, after, parameters):
    old = positions.by_country(before, parameters).set_index("receiver")
    found = []
    for row in positions.by_country(after, parameters).sort_values("name").to_dict("records"):
        code, now = row["receiver"], row["position"]
        then = old.loc[code, "position"] if code in old.index else None
        by = f"{row['origins']} origin{'s' if row['origins'] != 1 else ''}" if row["origins"] else "see its page"
        if then is None:
            also = f"; also reported: {_beside(row['beside'])}" if row["beside"] else ""
            found.append(("position", f"{row['name']}: first reported, at {_label(now)}{also} ({by}){_claims(row)}."))
        elif then != now:
            found.append(("position", f"{row['name']}: from {_label(then)} to {_label(now)} ({by}){_claims(row)}."))
        elif new := sorted(set(_codes(row["beside"])) - set(_codes(old.loc[code, "beside"]))):
            found.append(
                ("position", f"{row['name']}: still {_label(now)}, now also {_beside('; '.join(new))}{_claims(row)}.")
            )
    gone = sorted(set(old.index) - set(positions.by_country(after, parameters)["receiver"]))
    return found + [("position", f"{countries.name(code)}: no position any more.") for code in gone]


def _codes(joined):
    return [code for code in joined.split("; ") if code]


def _beside(joined):
    return ", ".join(schema.label("steps", "step", code) for code in _codes(joined))


def _claims(row):
    return f" [{row['claim_ids']}]" if row.get("claim_ids") else ""


def _new_rows(before, after, parameters, view, kind, worded):
    key = ["payment_id", "stage"] if kind == "payment" else ["transfer_id", "population"]
    known = {tuple(row) for row in view.reported(before, parameters)[key].to_numpy()}
    rows = view.reported(after, parameters)
    return [(kind, worded(row)) for row in rows.to_dict("records") if tuple(row[k] for k in key) not in known]


def _payment(row):
    stage = schema.label("payments", "stage", row["stage"])
    return (
        f"{countries.name(row['receiver'])}: {payments.show_amount(row)}, {stage}, first reported by {row['reported_by']} "
        f"({dates.show_day(row['first_known'])}){_claims(row)}."
    )


def _movement(row):
    people = ranges.show_range(row["people_min"], row["people_max"], "people")
    people = "a number not reported" if people == "not reported" else people
    counted = schema.label("transfers", "population", row["population"])
    return (
        f"{row['name']}: {people} ({counted}), {dates.show(row['date'])}, first reported by {row['reported_by']} "
        f"({dates.show_day(row['first_known'])}){_claims(row)}."
    )


def _denials(before, after, parameters):
    known = set(before.claims["claim_id"])
    rows = after.steps[(after.steps["stance"] == "denies") & (after.steps["programme"] == parameters.programme)]
    rows = rows[~rows["claim_id"].isin(known) & (rows["receiver"] != "")]
    return [
        (
            "denial",
            f"{countries.name(row['receiver'])}: {_label(row['step'])} is denied, first reported by {row['origin_publisher']} "
            f"({dates.show_day(row['public_on'])}) [{row['claim_id']}].",
        )
        for row in rows.sort_values("claim_id").to_dict("records")
    ]


COMPARED = ["arrangement_id", "stance", "date", "origin_id", "basis"]


def _corrections(before, after):
    old, new = (book.claims.set_index("claim_id") for book in (before, after))
    found = []
    found += [("correction", f"{claim} counts no more.") for claim in sorted(set(old.index) - set(new.index))]
    shared = old.index.intersection(new.index)
    for claim in sorted(shared):
        differs = [column for column in COMPARED if str(old.loc[claim, column]) != str(new.loc[claim, column])]
        if differs:
            words = ", ".join(f"{column} {old.loc[claim, column]} → {new.loc[claim, column]}" for column in differs)
            found.append(("correction", f"{claim}: {words}."))
    return found
