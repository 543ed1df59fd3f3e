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

SPEAKS_FOR_ITSELF = ("government", "legislature", "court")  # kinds of origin that are the speaker, not a reporter


class Denial(TypedDict):
    """A row of :func:`listed`."""

    claim_id: str
    receiver: str
    name: str
    instrument: str
    arrangement_id: str
    step: str
    spoken_by: str
    date: str
    public_on: pd.Timestamp
    wording: str
    source_id: str
    disputes_position: bool
    later_steps: str
    later_claim_ids: str


def listed(ledger: Ledger, parameters: Parameters) -> pd.DataFrame:
    """One row per claim that denies a step of an arrangement in scope, newest first. Columns: :class:`Denial`.

    ``spoken_by`` names the government, parliament or court where the origin is its own statement, else the kind of speaker
    and who reported it. ``disputes_position`` says whether it disputes the position of the arrangement as it is now.
    ``later_steps`` are the steps, at the denied one or further, that became public for the same arrangement after it.
    """
    steps = ledger.steps[scope.in_scope(ledger.steps, parameters.programme)]
    denials = steps[steps["stance"] == "denies"].sort_values("claim_id")
    asserted = steps[(steps["stance"] == "asserts") & steps["step"].isin(positions.RANK) & ~steps["doubtful"]]
    arrangements = positions.by_arrangement(ledger, parameters)
    disputing = {claim for joined in arrangements["denial_ids"] for claim in provenance.split(joined)}
    rows = []
    for denial in denials.to_dict("records"):
        same = asserted[asserted["arrangement_id"] == denial["arrangement_id"]]
        at_least = same["step"].map(positions.RANK) >= positions.RANK.get(denial["step"], 0)
        later = same[at_least & (same["public_on"] > denial["public_on"])]
        steps_later = [step for step in schema.LADDER if step in set(later["step"])]
        rows.append(
            denial
            | {
                "name": places.name(denial["receiver"]),
                "spoken_by": spoken_by(denial),
                "disputes_position": denial["claim_id"] in disputing,
                "later_steps": "; ".join(steps_later),
                "later_claim_ids": provenance.listed(later["claim_id"]),
            }
        )
    table = pd.DataFrame(rows, columns=list(Denial.__annotations__))
    return table.sort_values(["public_on", "claim_id"], ascending=[False, True], ignore_index=True)


def spoken_by(claim: dict) -> str:
    """Who said what a claim says: the origin where it is a government's, parliament's or court's own, else who is cited.

    ``claim`` is a row of a claim table as a dict, with ``origin_kind``, ``origin_publisher`` and ``basis``.
    """
    if claim["origin_kind"] in SPEAKS_FOR_ITSELF:
        return claim["origin_publisher"]
    speaker = schema.label("steps", "basis", claim["basis"])
    return f"{speaker}, in {claim['origin_publisher']}"
