"""One report in a sentence: who says, or denies, what about a country.

The tone is that of the ledger: a sentence says what was reported, never that it is so. What belongs elsewhere: which reports
there are (``views.chronology``), what a claim says in a table (``tables.said``).

Typical use::

    reported.predicate(claim, "Rwanda")  # "reports that Rwanda agreed"
"""

from analysis.ledger import schema
from analysis.values import ranges
from analysis.views import denials, payments

# What a claim of each step says of a country, after "reports that" or "denies that".
STEPS = {
    "named": "{country} is a possible destination",
    "asked": "the United States asked {country}",
    "in_talks": "there are talks with {country}",
    "willing": "{country} is willing",
    "agreed": "{country} agreed",
    "signed": "{country} signed",
    "received": "people arrived in {country}",
    "declined": "{country} declined",
    "no_answer": "{country} gave no answer",
    "halted": "the arrangement with {country} was halted",
    "ended": "the arrangement with {country} ended",
    "unclear": "it is unclear where {country} stands",
}


def speaker(claim: dict) -> str:
    """Who says it: for a denial whoever spoke, else whoever reported it first.

    ``claim`` is a row of a claim table as a dict.
    """
    return denials.spoken_by(claim) if claim["stance"] == "denies" else claim["origin_publisher"]


def predicate(claim: dict, country: str) -> str:
    """What is said, from the verb on: ``reports that Rwanda agreed``, ``denies that 12 people (single flight)``.

    ``claim`` is a row of steps, payments, transfers or acts as a dict.
    """
    if "step" in claim:
        said = STEPS.get(claim["step"], schema.label("steps", "step", claim["step"])).format(country=country)
        return f"denies that {said}" if claim["stance"] == "denies" else f"reports that {said}"
    verb = "denies" if claim["stance"] == "denies" else "reports"
    if "payment_id" in claim:
        return f"{verb} {payments.show_amount(claim)}, {schema.label('payments', 'stage', claim['stage'])}"
    if "transfer_id" in claim:
        people = ranges.show_range(claim["people_min"], claim["people_max"], "people")
        people = "people, their number not reported" if people == "not reported" else people
        return f"{verb} {people} ({schema.label('transfers', 'population', claim['population'])})"
    return f"{verb} {claim.get('label') or 'an act of a court or agency'}"
