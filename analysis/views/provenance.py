"""Where claims come from: distinct origins and sources, what a number rests on, which sources retell which origin.

Independence is counted in origins, never in outlets: ten pages that retell one report are one origin. What belongs
elsewhere: choosing among claims that differ (``choose``), comparing wording with held texts (``curation.quotations``).

Typical use::

    steps.groupby("receiver")["claim_id"].agg(provenance.listed)
"""

from collections.abc import Iterable
from typing import TypedDict

import pandas as pd

from analysis.ledger import Ledger

DOUBTFUL, DIGESTS_ONLY, ONE_ORIGIN, SEVERAL_ORIGINS = "doubtful", "digests_only", "one_origin", "several_origins"
WEAKEST_FIRST = (DOUBTFUL, DIGESTS_ONLY, ONE_ORIGIN, SEVERAL_ORIGINS)
WORDS = {
    SEVERAL_ORIGINS: "several origins",
    ONE_ORIGIN: "one origin",
    DIGESTS_ONLY: "digests only",
    DOUBTFUL: "doubtful",
}  # what a reader is told that something rests on


class Origin(TypedDict):
    """A row of :func:`copies`."""

    origin_id: str
    claims: int
    retold_in: str
    sources: int
    public_on: pd.Timestamp
    publisher: str
    read: str


def claim_number(claim_id: str) -> int:
    """The number of a claim, by which claims are put in order: ``c00042`` → 42."""
    return int(claim_id[1:])


def _order(text: str) -> tuple[int, str]:
    return (claim_number(text), "") if text[:1] == "c" and text[1:].isdecimal() else (0, text)


def listed(values: Iterable[str]) -> str:
    """The distinct values in order, ``a; b; c``; claims by their number. Blank and missing ones are left out."""
    return "; ".join(sorted({value for value in values if isinstance(value, str) and value}, key=_order))


def split(joined: str) -> list[str]:
    """What :func:`listed` put together: ``a; b; c`` → ``["a", "b", "c"]``; nothing for a blank."""
    return [value for value in joined.split("; ") if value]


def of_each(keys: pd.Series, values: pd.Series) -> pd.Series:
    """The value of each key, missing where it has none. Unlike ``keys.map(values)`` it keeps the type where there is no key."""
    return values.reindex(keys).set_axis(keys.index)


def merged(joined: Iterable[str]) -> str:
    """Several results of :func:`listed` as one: the distinct values of all of them in order."""
    return listed(value for text in joined for value in split(text))


def health(origins: pd.Series, support: pd.Series, dated: pd.Series, bounded: pd.Series | None = None) -> pd.Series:
    """The share of the checks that each record passes, from 0 to 1, rounded to two places. Rule: Method, *Health*.

    Args:
        origins: number of distinct origins; two or more pass.
        support: what it rests on; blank, digests alone and doubtful rows do not pass.
        dated: whether the first and the last possible day of the event are known.
        bounded: whether both bounds of its figure are given; missing, or no Series, where it has no figure.
    """
    checks = [origins >= 2, ~support.isin(["", DIGESTS_ONLY, DOUBTFUL]), dated]
    checks += [] if bounded is None else [bounded]
    return pd.DataFrame({number: check.astype("float64") for number, check in enumerate(checks)}).mean(axis=1).round(2)


def mark(support: str) -> str:
    """What follows a number or a sentence that rests on less than several origins: `` (digests only)``; blank for the others.
    Rule: Method, *Support*.
    """
    return f" ({WORDS[support]})" if support not in ("", SEVERAL_ORIGINS) else ""


def support_of_sum(parts: Iterable[float], supports: Iterable[str]) -> str:
    """The support of a sum or a count: the best one that at least half of it has. Rule: Method, *Support*.

    ``parts`` are the numbers added up, ``supports`` what each rests on: (20000, 1000), (digests_only, several_origins) gives
    digests_only. Of a sum of nothing but zeros each part has the same weight.
    """
    pairs = [(part, WEAKEST_FIRST.index(support)) for part, support in zip(parts, supports, strict=True) if support]
    if not any(part for part, _ in pairs):
        pairs = [(1.0, at) for _, at in pairs]
    total = sum(part for part, _ in pairs)
    for level in reversed(range(len(WEAKEST_FIRST))):
        if pairs and 2 * sum(part for part, at in pairs if at >= level) >= total:
            return WEAKEST_FIRST[level]
    return ""


def wholes(identifiers: pd.Series, claims: pd.DataFrame, key: str) -> pd.Series:
    """Of what each payment or movement is a part: its whole, the whole of that, and so on, as ``a; b``; blank for none.

    ``claims`` are all known claims in scope, with the identifier ``key`` and ``part_of``: a whole counts as one, whoever
    reports it.
    """
    part_of = dict(zip(claims[key], claims["part_of"], strict=True))

    def chain(identifier: str) -> str:
        found: list[str] = []
        while (identifier := part_of.get(identifier, "")) and identifier not in found:
            found.append(identifier)
        return "; ".join(found)

    return identifiers.map(chain).astype("str")


def is_part(rows: pd.DataFrame, counted: set[str]) -> pd.Series:
    """Whether each of ``rows`` is part of one of ``counted``, by its column ``wholes``. A boolean Series."""
    return rows["wholes"].map(lambda joined: not counted.isdisjoint(split(joined))).astype(bool)


def support(claims: pd.DataFrame, keys: str | list[str]) -> pd.DataFrame:
    """What each group of claims rests on. Rule: Method, *Support*.

    Args:
        claims: the asserting claims behind a number, with ``origin_id``, ``source_id``, ``source_kind``, ``doubtful``,
            ``public_on`` and ``claim_id``.
        keys: the columns that make the groups.

    Returns:
        One row per group, indexed by ``keys``: ``claims``, ``origins``, ``sources`` (counts), ``first_public_on`` (day),
        ``claim_ids``, and ``support``: ``doubtful`` where every claim is marked so, else ``digests_only`` where all were
        read in digests, else ``one_origin``, else ``several_origins``.
    """
    groups = claims.groupby(keys)
    found = groups.agg(
        claims=("claim_id", "size"),
        origins=("origin_id", "nunique"),
        sources=("source_id", "nunique"),
        first_public_on=("public_on", "min"),
        claim_ids=("claim_id", listed),
    )
    marks = claims.assign(digest=claims["source_kind"] == "digest").groupby(keys)[["doubtful", "digest"]].all()
    found["support"] = SEVERAL_ORIGINS
    found.loc[found["origins"] == 1, "support"] = ONE_ORIGIN
    found.loc[marks["digest"], "support"] = DIGESTS_ONLY
    found.loc[marks["doubtful"], "support"] = DOUBTFUL
    return found


def copies(ledger: Ledger) -> pd.DataFrame:
    """One row per origin: who retells it, and whether it was read itself. Columns: :class:`Origin`.

    ``retold_in`` names the sources that carry it, ``public_on`` is the day by which the first of its claims was public,
    ``read`` is how much of the origin itself was read. Those with most sources come first, then those with most claims.
    """
    groups = ledger.claims.groupby("origin_id")
    table = groups.agg(
        claims=("claim_id", "size"),
        retold_in=("source_id", listed),
        sources=("source_id", "nunique"),
        public_on=("public_on", "min"),
    )
    table = table.join(ledger.sources.set_index("source_id")[["publisher", "read"]]).reset_index()
    table = table.sort_values(["sources", "claims", "origin_id"], ascending=[False, False, True], ignore_index=True)
    return table[list(Origin.__annotations__)]


def source_list(ledger: Ledger) -> pd.DataFrame:
    """One row per source that is read or credited: the columns of sources.csv and three counts.

    ``claims`` were read in it, ``from_elsewhere`` of them began in another report, and ``as_origin`` claims (in whatever
    source) began in it.
    """
    claims = ledger.claims
    elsewhere = claims[claims["source_id"] != claims["origin_id"]]

    def count(values: pd.Series) -> pd.Series:
        return ledger.sources["source_id"].map(values.value_counts()).fillna(0).astype("int64")

    table = ledger.sources.assign(
        claims=count(claims["source_id"]),
        from_elsewhere=count(elsewhere["source_id"]),
        as_origin=count(claims["origin_id"]),
    )
    return table[table["claims"] + table["as_origin"] > 0].sort_values("source_id", ignore_index=True)
