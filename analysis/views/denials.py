"""Each denial of a step: who spoke, what, when, in which words, what was reported after it. Rule: Method, *Dispute*.

What belongs elsewhere: which denials dispute a position (``positions`` decides, this view shows it).

Typical use::

    denials.listed(ledger, Parameters())
"""

from typing import TypedDict

import pandas as pd

from analysis.ledger import Ledger, schema
from analysis.values import countries as places
from analysis.views import positions, provenance, scope
from analysis.views.parameters import Parameters

CITED = {
    "document": "a document",
    "court": "a court",
    "official_named": "a named official",
    "official_unnamed": "an unnamed official",
    "government_statement": "a government statement",
    "ngo": "an organisation",
}
WHAT = {
    "named": "that it was named",
    "asked": "that it was asked",
    "in_talks": "that there are talks",
    "willing": "that a deal is close",
    "agreed": "that there is an agreement",
    "signed": "that anything was signed",
    "received": "that people have arrived",
    "declined": "that it declined",
    "no_answer": "that it has not answered",
    "halted": "that it was halted",
    "ended": "that it ended",
    "unclear": "that it is so",
}  # what is denied, as the end of a sentence
NOT = {
    "named": "it was not named",
    "asked": "it was not asked",
    "in_talks": "there are no talks",
    "willing": "no deal is close",
    "agreed": "there is no agreement",
    "signed": "nothing was signed",
    "received": "no people have arrived",
    "declined": "it has not declined",
    "no_answer": "it has answered",
    "halted": "it was not halted",
    "ended": "it has not ended",
    "unclear": "it is not so",
}  # the same where an outlet says in its own voice that it is not so, after "reports that"
SPEAKS_FOR_ITSELF = ("government", "legislature")  # kinds of origin that are the speaker, not a reporter
COURT = "court"  # a kind of origin in whose records others speak: witnesses, parties, judges
TRACKER = "tracker"  # a kind of origin that says in its own voice what it has found


class Denial(TypedDict):
    """A row of :func:`listed`."""

    claim_id: str
    receiver: str
    name: str
    instrument: str
    arrangement_id: str
    step: str
    spoken_by: str
    sentence: str
    date: str
    public_on: pd.Timestamp
    wording: str
    source_id: str
    origin_id: str
    disputes_position: bool
    disputes_arrangement: bool
    later_steps: str
    later_claim_ids: str


STATEMENT = ["arrangement_id", "step", "origin_id"]  # what claims share that retell one denial


class Statement(Denial):
    """A row of :func:`statements`."""

    claim_ids: str
    sources: int
    support: str


def listed(ledger: Ledger, parameters: Parameters) -> pd.DataFrame:
    """One row per claim that denies a step of an arrangement in scope, newest first. Columns: :class:`Denial`.

    ``spoken_by`` names the government, parliament, court or tracker where the origin is its own statement, else the kind of
    speaker and who reported it. ``disputes_arrangement`` says whether it disputes the position of its arrangement as it is now,
    ``disputes_position`` whether this is also the position of its country, the furthest of all its arrangements.
    ``later_steps`` are the steps, at the denied one or further, that became public for the same arrangement after it.
    """
    steps = ledger.steps[scope.in_scope(ledger.steps, parameters.programme)]
    denials = steps[steps["stance"] == "denies"]
    asserted = steps[(steps["stance"] == "asserts") & steps["step"].isin(positions.RANK) & ~steps["doubtful"]]
    arrangements = positions.by_arrangement(ledger, parameters)
    of_arrangement, of_country = (
        {claim for joined in rows["denial_ids"] for claim in provenance.split(joined)}
        for rows in (arrangements, positions.furthest_of_each(arrangements))
    )
    pairs = denials.merge(asserted, on="arrangement_id", suffixes=("", "_later"))
    at_least = positions.rank(pairs["step_later"]) >= pairs["step"].map(positions.RANK).fillna(0)
    later = pairs[at_least & (pairs["public_on_later"] > pairs["public_on"])].groupby("claim_id")
    later_steps, later_claims = later["step_later"].agg(set), later["claim_id_later"].agg(provenance.listed)
    rows = []
    for denial in denials.to_dict("records"):
        steps_later = later_steps.get(denial["claim_id"], set())
        rows.append(
            denial
            | {
                "name": places.name(denial["receiver"]),
                "spoken_by": spoken_by(denial),
                "sentence": sentence(denial),
                "disputes_position": denial["claim_id"] in of_country,
                "disputes_arrangement": denial["claim_id"] in of_arrangement,
                "later_steps": "; ".join(step for step in schema.LADDER if step in steps_later),
                "later_claim_ids": later_claims.get(denial["claim_id"], ""),
            }
        )
    rows.sort(key=lambda row: provenance.claim_number(row["claim_id"]))
    table = pd.DataFrame(rows, columns=list(Denial.__annotations__))
    return table.sort_values("public_on", ascending=False, kind="stable", ignore_index=True)


def statements(ledger: Ledger, denied: pd.DataFrame) -> pd.DataFrame:
    """One row per arrangement, step and origin of :func:`listed`, newest first: a denial counts once, however many retell it.

    Columns: :class:`Statement`. What stands in a row is that of the claim public first; ``claim_ids`` are all that carry it,
    ``sources`` how many documents that is, ``support`` as in :func:`provenance.support`. It disputes a position if one of its
    claims does.
    """
    claims = ledger.steps[ledger.steps["claim_id"].isin(denied["claim_id"])]
    support = provenance.support(claims, STATEMENT)[["claim_ids", "sources", "support"]]
    number = denied["claim_id"].map(provenance.claim_number)
    groups = denied.assign(number=number).sort_values(["public_on", "number"]).groupby(STATEMENT, sort=False)
    table = groups.head(1).set_index(STATEMENT).join(support)
    for column in ("disputes_position", "disputes_arrangement"):
        table[column] = groups[column].any()
    table = table.reset_index().sort_values(["public_on", "number"], ascending=[False, True], ignore_index=True)
    return table[list(Statement.__annotations__)]


def spoken_by(claim: dict) -> str:
    """Who said what a claim says: a government, parliament or tracker for itself, a court document, else whoever the origin
    cites.

    ``claim`` is a row of a claim table as a dict, with ``origin_kind``, ``origin_publisher`` and ``basis``.
    """
    speaker = CITED.get(claim["basis"], "")
    if claim["origin_kind"] == COURT:
        return f"a court document ({claim['origin_publisher']})"
    if claim["origin_kind"] in SPEAKS_FOR_ITSELF or _in_its_own_voice(claim) or not speaker:
        return claim["origin_publisher"]
    return f"{speaker}, in {claim['origin_publisher']}"


def speaks(claim: dict) -> bool:
    """Whether somebody is quoted as denying it; an outlet or a tracker that says in its own voice that it is not so denies
    nothing, and no more does a court in whose records it stands.
    """
    if claim["origin_kind"] == COURT or _in_its_own_voice(claim):
        return False
    return claim["origin_kind"] in SPEAKS_FOR_ITSELF or claim["basis"] in CITED


def _in_its_own_voice(claim: dict) -> bool:
    return claim["origin_kind"] == TRACKER and claim["basis"] == "ngo"


def sentence(claim: dict) -> str:
    """The denial in a sentence without its subject's country: ``A named official, in the BBC, denies that it was asked``."""
    who = spoken_by(claim)
    who = f"{who[0].upper()}{who[1:]}{',' if ', in ' in who else ''}"
    if speaks(claim):
        return f"{who} denies {WHAT[claim['step']]}"
    return f"{who} {'says' if claim['origin_kind'] == COURT else 'reports'} that {NOT[claim['step']]}"
