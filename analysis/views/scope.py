"""Which claims count: those of one programme, about a state, and not about that state's own citizens.

What belongs elsewhere: what the claims say (the other views), and how many origins support them (``provenance``).

Typical use::

    steps = ledger.steps[scope.in_scope(ledger.steps, "us-2025")]
"""

import pandas as pd

from analysis.ledger import Ledger

OUT_OF_SCOPE = ("own_nationals",)


def in_scope(claims: pd.DataFrame, programme: str) -> pd.Series:
    """Which rows of a claim table count towards the headline numbers. Rule: CODING §2.5 and §2.10.

    Args:
        claims: claims with the columns ``programme``, ``instrument`` and ``receiver``.
        programme: a code of ``arrangements.programme``.

    Returns:
        True where the claim is of this programme, about a state, and not about that state's own citizens.
    """
    return (
        (claims["programme"] == programme)
        & ~claims["instrument"].isin(OUT_OF_SCOPE)
        & (claims["receiver"].fillna("") != "")
    )


def countries_in_scope(ledger: Ledger, programme: str) -> list[str]:
    """Alpha-3 codes of the countries with at least one dated claim in scope, in alphabetical order."""
    claims = ledger.claims
    return sorted(set(claims.loc[in_scope(claims, programme), "receiver"]))
