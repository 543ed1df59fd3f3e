"""Which claims count: those of one programme, about a state, and not about that state's own citizens.

What belongs elsewhere: what the claims say (the other views), and how many origins support them (``provenance``).
"""

OUT_OF_SCOPE = ("own_nationals",)


def in_scope(claims, programme):
    """Rows that count: of this programme, about a state, and not about its own nationals. A boolean Series."""
    return (
        (claims["programme"] == programme)
        & ~claims["instrument"].isin(OUT_OF_SCOPE)
        & (claims["receiver"].fillna("") != "")
    )


def countries_in_scope(book, programme):
    """Alpha-3 codes of the countries with at least one claim in scope, in alphabetical order."""
    claims = book.claims
    return sorted(set(claims.loc[in_scope(claims, programme), "receiver"]))
