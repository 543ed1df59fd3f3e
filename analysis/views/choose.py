"""Which of several differing claims about one thing is shown, and the name of the rule that chose it.

Nothing is averaged: a table shows the chosen value, the full range and the rule. Rule: Method, *Choice among differing
claims about one thing*. What belongs elsewhere: what the claims say about positions, money, people and time.

Typical use::

    choose.choose(ledger.payments, ["payment_id", "stage"], "amount_min", "amount_max")
"""

import pandas as pd

from analysis.ledger import Ledger
from analysis.values import dates
from analysis.views import provenance, scope

FIRMEST_FIRST = (
    "court", "document", "government_statement", "official_named", "ngo", "official_unnamed", "reporting", "unattributed",
)  # fmt: skip

# What ranks claims about one thing, the first criterion first, and how the page names the one that decided.
PREFERENCE = {
    "without_figure": "gives a figure",
    "doubtful": "not marked doubtful",
    "from_digest": "not a machine-made digest",
    "softness": "firmest basis",
    "open_range": "both bounds given",
    "other_origins": "more independent origins",
    "copy": "read at the origin itself",
    "public_on": "public first",
    "number": "lower claim number",
}
FIRST_PUBLISHED = {name: PREFERENCE[name] for name in ("without_figure", "public_on", "number")}
DATE_PREFERENCE = {name: PREFERENCE[name] for name in ("doubtful", "from_digest", "softness", "public_on", "number")}
ONLY_CLAIM, ALL_AGREE = "only claim", "all agree"
REFINES = "both bounds given, within the range of the firmest claim"


def choose(
    claims: pd.DataFrame, keys: list[str], low: str, high: str, preference: dict[str, str] = PREFERENCE
) -> pd.DataFrame:
    """One row per group of claims about the same thing: the chosen range, the full range, and the rule that chose.

    Args:
        claims: rows of one claim table. Only those that assert are chosen from; a group that is only denied has no row.
        keys: the columns that make the groups.
        low: the column of the lower bound; missing where not reported.
        high: the column of the upper bound.
        preference: which criteria rank the claims, in this order. Where they ask for both bounds
            (``open_range``, as :data:`PREFERENCE` does), a figure may refine the firmest.

    Returns:
        The columns of the chosen claim, and: ``range_low``/``range_high`` (the range that holds all of the group's; a bound
        is missing where a claim leaves it open), ``chosen_claim``, ``rule`` (the first criterion that sets the chosen claim
        apart from the best claim that differs from it), ``claims``, ``origins``, ``sources``, ``first_public_on``,
        ``first_reported_by``, ``support`` (see :func:`provenance.support`), ``health`` (see :func:`provenance.health`; date and
        figure are the chosen claim's), ``disputed``, ``claim_ids``, ``denial_ids``.

    Raises:
        ValueError: a basis is not in the codebook.
    """
    claims = claims.dropna(subset=keys)
    asserted = claims[claims["stance"] == "asserts"]
    denied = claims[claims["stance"] == "denies"]
    ranked = rank(asserted, keys, low, high, preference)
    if "open_range" in preference:  # whoever does not ask for both bounds wants no refined figure either
        ranked = _refined_first(ranked, keys, low, high)
    table = ranked.groupby(keys).head(1).set_index(keys)
    table["chosen_claim"] = table["claim_id"]
    table["rule"] = _rule(ranked, keys, low, high, preference)
    figures = ranked[~ranked["without_figure"]].groupby(keys)
    for column, bound, outermost in (("range_low", low, "min"), ("range_high", high, "max")):
        given = figures[bound].agg(outermost)
        table[column] = (
            given.where(figures[bound].count() == figures[bound].size()).reindex(table.index).astype("float64")
        )
    table = table.join(provenance.support(ranked, keys))
    dated = table[["date_earliest", "date_latest"]].notna().all(axis=1)
    table["health"] = provenance.health(
        table["origins"], table["support"], dated, bounded=table[[low, high]].notna().all(axis=1)
    )
    table["first_reported_by"] = first_reported_by(ranked, keys)
    table["denial_ids"] = denied.groupby(keys)["claim_id"].agg(provenance.listed).reindex(table.index).fillna("")
    table["disputed"] = table["denial_ids"] != ""
    return table.reset_index()[[*claims.columns, *ADDED]]


ADDED = ["chosen_claim", "rule", "range_low", "range_high", "claims", "origins", "sources", "first_public_on"]
ADDED += ["first_reported_by", "support", "health", "disputed", "claim_ids", "denial_ids"]


def first_reported_by(ranked: pd.DataFrame, keys: str | list[str]) -> pd.Series:
    """Who published the origin of the claim that was public first, per group; of several on one day, of the best ranked."""
    return ranked.sort_values("public_on", kind="stable").groupby(keys)["origin_publisher"].first()


def rank(
    claims: pd.DataFrame, keys: list[str], low: str, high: str, preference: dict[str, str] = PREFERENCE
) -> pd.DataFrame:
    """The claims in the order of preference within their groups, with a column for each criterion (smaller is better)."""
    softness = claims["basis"].map({basis: place for place, basis in enumerate(FIRMEST_FIRST)})
    if softness.isna().any():
        raise ValueError(f"{claims['basis'][softness.isna()].iloc[0]!r} is no basis of the codebook")
    same_figure = claims.groupby([*keys, low, high], dropna=False)["origin_id"]
    ranked = claims.assign(
        without_figure=claims[low].isna() & claims[high].isna(),
        from_digest=claims["source_kind"] == "digest",
        softness=softness,
        open_range=claims[low].isna() | claims[high].isna(),
        other_origins=-same_figure.transform("nunique"),
        copy=claims["source_id"] != claims["origin_id"],
        number=claims["claim_id"].map(provenance.claim_number),
    )
    return ranked.sort_values([*keys, *preference])


def _first_of_each(ranked: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """For each row the first row of its group, under the row's own index."""
    group = ranked.groupby(keys).ngroup()
    return ranked[~group.duplicated()].set_index(group[~group.duplicated()]).loc[group].set_axis(ranked.index)


def _refined_first(ranked: pd.DataFrame, keys: list[str], low: str, high: str) -> pd.DataFrame:
    """The same with ``refines``: where the best claim leaves a bound open, one with both bounds within it comes first.

    "100 or more" and "131" do not contradict each other; the second says more. A digest or a doubtful claim refines none
    that is neither.
    """
    best = _first_of_each(ranked, keys)
    within = (ranked[low] >= best[low].fillna(float("-inf"))) & (ranked[high] <= best[high].fillna(float("inf")))
    as_good = (ranked["from_digest"] <= best["from_digest"]) & (ranked["doubtful"] <= best["doubtful"])
    open_figure = best["open_range"] & ~best["without_figure"]
    ranked = ranked.assign(refines=open_figure & within & as_good & ~ranked["open_range"])
    return ranked.sort_values([*keys, "refines"], ascending=[True] * len(keys) + [False], kind="stable")


def _rule(ranked: pd.DataFrame, keys: list[str], low: str, high: str, preference: dict[str, str]) -> pd.Series:
    """Why the first claim of each group was chosen, in words; a blank bound is no difference, but "100 or more" and "up to 50"
    are one.
    """
    chosen = _first_of_each(ranked, keys)
    differs = pd.Series(False, index=ranked.index)
    for bound in (low, high):
        differs |= ranked[bound].notna() & chosen[bound].notna() & (ranked[bound] != chosen[bound])
    differs |= (ranked[low] > chosen[high]) | (ranked[high] < chosen[low])
    sizes = ranked.groupby(keys).size()
    rule = sizes.map(lambda size: ONLY_CLAIM if size == 1 else ALL_AGREE).astype("object")
    runner_up = ranked[differs].groupby(keys).head(1)
    for index, row in runner_up.iterrows():
        thing = tuple(row[key] for key in keys)
        decided = next(name for name in preference if row[name] != chosen.loc[index, name])
        refined = "refines" in chosen and chosen.loc[index, "refines"]
        reason = REFINES if refined else preference[decided]
        rule[thing if len(keys) > 1 else thing[0]] = reason
    return rule


def full_range(groups: pd.DataFrame) -> tuple[float, float]:
    """The full ranges of rows of :func:`choose` added up: an open lower bound adds nothing, an open upper bound leaves the sum
    open (missing). Rule: Method, *Low, best, high*.
    """
    return float(groups["range_low"].sum()), float(groups["range_high"].sum(skipna=False))


def conflicts(groups: pd.DataFrame, definition: str) -> pd.DataFrame:
    """The rows of :func:`choose` whose claims differ, each with ``differs``: in words, what the difference is.

    Where one claim gives only a floor or a ceiling, claims may all be true at once and it is the bound that differs;
    else the figure. ``definition`` names the column that says what is counted, which is the same within a group.
    """
    apart = groups[~groups["rule"].isin([ONLY_CLAIM, ALL_AGREE])]
    open_range = apart["range_low"].isna() | apart["range_high"].isna()
    words = open_range.map({True: "a floor or ceiling beside another figure", False: f"figure, same {definition}"})
    return apart.assign(differs=words.astype("str"))


def date_conflicts(ledger: Ledger, programme: str) -> pd.DataFrame:
    """Arrangement and step whose dated claims have no day in common: chosen date, full range, rule, claims.

    Claims that only bound the day from above take no part: they are true of every earlier day. Columns: ``receiver``,
    ``step``, ``chosen`` (EDTF), ``full`` (in words), ``rule``, ``differs``, ``origins``, ``claim_ids``.
    """
    keys = ["arrangement_id", "step"]
    steps = ledger.steps
    dated = steps["date_earliest"].notna() & steps["date_latest"].notna()
    steps = steps[scope.in_scope(steps, programme) & (steps["stance"] == "asserts") & dated]
    groups = steps.groupby(keys)
    apart = groups["date_earliest"].transform("max") > groups["date_latest"].transform("min")
    ranked = rank(steps[apart], keys, "date_earliest", "date_latest", DATE_PREFERENCE)
    found = []
    for (_, step), group in ranked.groupby(keys):
        chosen, others = group.iloc[0], group[group["date"] != group["date"].iloc[0]]
        decided = next(name for name in DATE_PREFERENCE if chosen[name] != others[name].iloc[0])
        first, last = dates.show_day(group["date_earliest"].min()), dates.show_day(group["date_latest"].max())
        found.append(
            {
                "receiver": chosen["receiver"],
                "step": step,
                "chosen": chosen["date"],
                "full": f"{first} to {last}",
                "rule": DATE_PREFERENCE[decided],
                "differs": "day",
                "origins": group["origin_id"].nunique(),
                "claim_ids": provenance.listed(group["claim_id"]),
            }
        )
    columns = ["receiver", "step", "chosen", "full", "rule", "differs", "origins", "claim_ids"]
    return pd.DataFrame(found, columns=columns)
