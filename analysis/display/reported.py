"""One report in a sentence: who says, or denies, what about a country; and where a country stands, in a sentence.

The tone is that of the ledger: a sentence says what was reported, never that it is so. What belongs elsewhere: which reports
there are (``views.chronology``, ``views.acts``), where a country stands (``views.positions``), what a claim says in a table
(``tables.claims_table``).

Typical use::

    reported.predicate(claim, "Rwanda")  # "reports that Rwanda agreed to take people"
"""

from collections.abc import Collection, Iterable

import pandas as pd

from analysis.display import text
from analysis.ledger import schema
from analysis.values import dates, ranges
from analysis.views import denials, payments, positions, provenance, transfers

# What a claim of each step says of a country, after "reports that" or "denies that"; of what has words of its own (OWN_WORDS)
# only what is denied.
STEPS = {
    "named": "{country} is a destination",
    "asked": "the United States asked {country} to take people",
    "in_talks": "the United States and {country} are in talks",
    "willing": "{country} is willing to take people",
    "agreed": "{country} agreed to take people",
    "signed": "{country} signed an agreement",
    "received": "people arrived in {country}",
    "declined": "{country} declined to take people",
    "no_answer": "{country} gave no answer",
    "halted": "the arrangement with {country} was halted",
    "ended": "the arrangement with {country} ended",
    "unclear": "this is so of {country}",
}
# Steps of which a source need not say what the code says: a list names, and what fits no step is told by its quotation alone.
OWN_WORDS = {"named": "names {country}", "unclear": "reports something about {country} that fits no step"}
# The same where an outlet says in its own voice that it is not so, after "reports that".
NOT = {
    "named": "{country} is no destination",
    "asked": "the United States has not asked {country}",
    "in_talks": "there are no talks with {country}",
    "willing": "{country} is not willing to take people",
    "agreed": "{country} has not agreed to take people",
    "signed": "{country} has signed nothing",
    "received": "nobody has arrived in {country}",
    "declined": "{country} has not declined",
    "no_answer": "{country} has answered",
    "halted": "the arrangement with {country} was not halted",
    "ended": "the arrangement with {country} has not ended",
    "unclear": "this is not so of {country}",
}
# What a claim about a number of people says, by what the number counts.
PEOPLE = {
    "third_country": "{people} {were} sent to {country}",
    "cumulative": "{people} in all {were} sent to {country}",
    "mixed": "{people} {were} sent to {country}, its own citizens among them",
    "cap": "{country} would take {people}",
    "planned": "{people} {are} to be sent to {country}",
}
# What acts do, said of one and of several.
EFFECTS = {
    "forbids": ("forbids something", "forbid something"),
    "sets_conditions": ("sets conditions", "set conditions"),
    "orders_return": ("orders a return or release", "order a return or release"),
    "directs": ("directs that something be done", "direct that something be done"),
    "allows": ("lets something go on", "let something go on"),
    "stays": ("pauses an earlier act", "pause an earlier act"),
    "lifts": ("ends an earlier act or pause", "end an earlier act or pause"),
}
# Where a country stands, by its furthest step.
STANDS = {
    "named": "{country} is named as a destination; no report that counts here says more",
    "asked": "{country} is reported to have been asked to take people, and nothing further",
    "in_talks": "{country} is reported to be in talks with the United States, and nothing further",
    "willing": "{country} is reported to be willing to take people; no report that counts here says that it agreed",
    "agreed": "{country} is reported to have agreed to take people; no arrival is reported",
    "signed": "{country} is reported to have signed an agreement; no arrival is reported",
    "received": "{country} is reported to have received {people}",
    positions.OFF_LADDER: "No step of {country} towards an arrangement is reported, but: {also}",
}


def speaker(claim: dict) -> str:
    """Who says it: for a denial whoever spoke, else whoever reported it first. Begins with a capital letter.

    What a court document says of a step may be testimony or a filing: the document says it, not the court.

    ``claim`` is a row of a claim table as a dict.
    """
    as_record = "step" in claim and claim["origin_kind"] == denials.COURT
    who = denials.spoken_by(claim) if claim["stance"] == "denies" or as_record else claim["origin_publisher"]
    return who[:1].upper() + who[1:] + ("," if who.partition(", in ")[0] in denials.CITED.values() else "")


def predicate(claim: dict, country: str) -> str:
    """What is said, from the verb on: ``reports that Rwanda agreed to take people``.

    ``claim`` is a row of steps, payments, transfers or acts as a dict, ``country`` its receiver as it stands within a sentence.
    """
    verb = "denies" if claim["stance"] == "denies" else "reports"
    if "step" in claim:
        return _of_step(claim, country) + _which(claim)
    if "payment_id" in claim:
        return f"{verb} that {_money(claim)}"
    if "transfer_id" in claim:
        return f"{verb} that {_people(claim, country)}"
    return f"{verb}: {claim.get('label') or 'an act of a court or agency'}"


def _which(claim: dict) -> str:
    """In brackets, what a claim is about where that is not removals at large: one person's case, asylum, transit …"""
    instrument = claim.get("instrument", "")
    plain = instrument in ("", "removal", "unspecified")
    return "" if plain else f" ({schema.label('arrangements', 'instrument', instrument)})"


def _of_step(claim: dict, country: str) -> str:
    verb = "says" if claim["origin_kind"] == denials.COURT else "reports"
    if claim["stance"] == "denies" and denials.speaks(claim):
        return f"denies that {STEPS[claim['step']].format(country=country)}"
    if claim["stance"] == "denies":
        return f"{verb} that {NOT[claim['step']].format(country=country)}"
    if claim["step"] in OWN_WORDS:
        return OWN_WORDS[claim["step"]].format(country=country)
    return f"{verb} that {STEPS[claim['step']].format(country=country)}"


def when(claim: dict) -> str:
    """The day of what is said, in words; blank where it is only known to lie before the day of the report."""
    bound = claim["date"].removeprefix("../")
    only_before = claim["date"].startswith("../") and dates.parse(bound).latest == claim["public_on"].date()
    return "" if only_before or not claim["date"] else dates.show(claim["date"])


def _money(claim: dict) -> str:
    stage = schema.label("payments", "stage", claim["stage"])
    if not ranges.present(claim["amount_min"]) and not ranges.present(claim["amount_max"]):
        return f"money was {stage}" + ("" if claim["stance"] == "denies" else ", the sum not given")
    return f"{text.in_millions(payments.show_amount(claim))} was {stage}"


def _people(claim: dict, country: str) -> str:
    low, high = claim["people_min"], claim["people_max"]
    people = ranges.show_range(low, high, "people", "person")
    if people == "not reported":
        people = "people (number not given)"
    elif claim["population"] == "cap" and ranges.present(high):
        people = f"up to {text.plural(high, 'person', 'people')}"
    one = people.endswith(" person")
    words = {"people": people, "were": "was" if one else "were", "are": "is" if one else "are", "country": country}
    part = transfers.told_of_a_part(claim)
    return PEOPLE[claim["population"]].format(**words) + (f", {part}" if part else "")


def effects(acts: pd.DataFrame) -> str:
    """What the rows of ``acts.listed`` do, each effect with its count: ``9 forbid something, 5 pause an earlier act and 2 do
    none of this``.

    Filings and others do none of this. Acts that are doubtful are counted apart, whatever they do.
    """
    doubtful = int((acts["support"] == provenance.DOUBTFUL).sum())
    counts = acts.loc[acts["support"] != provenance.DOUBTFUL, "effect"].value_counts().to_dict()
    told = [code for code in EFFECTS if code in counts]
    found = [f"{counts[code]} {EFFECTS[code][counts[code] > 1]}" for code in told]
    if not found:
        return "none forbids or allows anything"
    rest = len(acts) - doubtful - sum(counts[code] for code in told)
    found += [f"{rest} {'do' if rest > 1 else 'does'} none of this"] if rest else []
    found += [f"{doubtful} {'are' if doubtful > 1 else 'is'} doubtful"] if doubtful else []
    return text.series(found)


def newest(acts: pd.DataFrame) -> str:
    """The rows of ``acts.newest`` in a sentence, each with the mark of what it rests on; blank for none."""
    if acts.empty:
        return ""
    labels = [f"{row['label']}{provenance.mark(row['support'])}" for row in acts.to_dict("records")]
    return f"The newest, by {dates.show_day(acts['day'].iloc[0])}: {'; '.join(labels)}."


def standing(
    country: str,
    row: dict,
    people: str,
    paid: str,
    denied: str = "",
    doubtful: Collection[str] = (),
    refused: Collection[str] = (),
) -> str:
    """Where ``country`` stands, in a few sentences.

    ``row`` is one of ``positions.by_country`` as a dict. ``people`` says how many can at least be said to have arrived,
    ``paid`` what is reported as paid, both with the mark of what they rest on; blank where no figure is reported. ``denied``
    says who denies what, where a claim disputes the position; ``doubtful`` are the further steps that only doubtful claims
    report, ``refused`` says what was refused, halted or ended otherwise than since, and when: ``declined (removal), 5 Dec
    2024``.
    """
    also = _steps(provenance.split(row["also_reported"]))
    found = STANDS[row["furthest_step"]].format(
        country=country, people=people or "people (number not given)", also=also
    )
    on_ladder = row["furthest_step"] != positions.OFF_LADDER  # else what is beside the ladder is told already
    since = provenance.split(row["since"]) if on_ladder else []
    found += f" ({_steps(since)} since)." if since else "."
    if doubtful:
        found += f" Doubtful reports say more: {_steps(doubtful)}."
    if refused and on_ladder:
        found += f" Also reported: {'; '.join(refused)}."
    if paid:
        found += f" {paid} is reported as paid."
    found = f"{found} {denied}" if denied else found
    return found[:1].upper() + found[1:]


def _steps(codes: Iterable[str]) -> str:
    return text.series(schema.label("steps", "step", code) for code in codes)
