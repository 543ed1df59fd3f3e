"""Which of several differing claims about one thing is shown, and the name of the rule that chose it.

Nothing is averaged. What belongs elsewhere: what the claims say about positions, money, people and time.
"""

import numpy as np
import pandas as pd

from analysis.values import dates, ranges
from analysis.views import provenance, scope

FIRMEST_FIRST = (
    "court", "document", "government_statement", "official_named", "ngo", "official_unnamed", "reporting", "unattributed",
)  # fmt: skip
RULES = {
    "digest": "not a machine-made digest",
    "firmness": "firmest basis",
    "open": "both bounds given",
    "copy": "read at the origin itself",
    "public_on": "reported first",
    "claim_id": "lower claim number",
}
CRITERIA = ("digest", "firmness", "open", "copy", "public_on")
DATE_CRITERIA = ("digest", "firmness", "public_on")


def pick(claims, keys, low, high):
    """One row per group of claims about the same thing: the chosen range, the full range, and the rule that chose.

    ``keys`` are the columns that make the group, ``low`` and ``high`` the columns of its bounds. The chosen claim is
    the first by: not a digest, firmest basis, both bounds given, read at the origin itself, reported first, claim
    number. Adds ``{low}``/``{high}`` (chosen), ``range_low``, ``range_high``, ``chosen_claim``, ``rule`` (the first
    criterion that sets the chosen claim apart from the nearest that differs), ``claims``, ``origins`` and ``sources`` (counts),
    ``first_known``, ``reported_by``, ``disputed``, ``thin`` (only digests), ``claim_ids``. Other columns are the chosen
    claim's. Raises ``ValueError`` for a basis that is not in the codebook.
    """
    columns = [*claims.columns, "range_low", "range_high", "chosen_claim", "rule", "claims", "origins", "sources"]
    columns += ["first_known", "reported_by", "disputed", "thin", "claim_ids"]
    claims = claims.dropna(subset=keys)
    said = claims["stance"].to_numpy() == "asserts"
    if not said.any():
        return pd.DataFrame(columns=columns).astype({"range_low": "float64", "range_high": "float64"})
    group = claims.groupby(keys, sort=True).ngroup().to_numpy()
    denied = group[claims["stance"].to_numpy() == "denies"]
    # From here on groups without an assertion are gone, and the others numbered in the order of their keys.
    named, group = np.unique(group[said], return_inverse=True)
    claims, count = claims[said], len(named)
    by_number = claims["claim_id"].argsort(kind="stable").to_numpy()
    marks = {name: values[by_number] for name, values in (_criteria(claims, low, high) | {"group": group}).items()}
    ranked = np.lexsort([marks[name] for name in reversed(("group", *CRITERIA))])
    first = np.searchsorted(marks["group"][ranked], np.arange(count))
    chosen, earliest = ranked[first], np.lexsort((marks["public_on"], marks["group"]))[first]
    table = claims.iloc[by_number[chosen]].reset_index(drop=True)
    bounds = [claims[bound].to_numpy()[by_number[ranked]] for bound in (low, high)]
    table["range_low"], table["range_high"] = ranges.envelopes(*bounds, first)
    table["chosen_claim"] = table["claim_id"]
    table["rule"] = _rules({name: values[ranked] for name, values in marks.items()}, bounds, first)
    table["claims"] = np.bincount(group)
    table["origins"] = provenance.distinct_by(group, claims["origin_id"], count)
    table["sources"] = provenance.distinct_by(group, claims["source_id"], count)
    reports = claims[["public_on", "origin_publisher"]].iloc[by_number[earliest]]
    table["first_known"], table["reported_by"] = reports["public_on"].array, reports["origin_publisher"].array
    table["disputed"] = np.isin(named, denied)
    table["thin"] = np.logical_and.reduceat(marks["digest"][ranked], first)
    table["claim_ids"] = provenance.joined_by(pd.Series(group), claims["claim_id"]).array
    return table[columns]


def _criteria(claims, low, high):
    """What ranks claims about the same thing, before the claim number: an array per criterion, the least first."""
    firmness = claims["basis"].map({basis: rank for rank, basis in enumerate(FIRMEST_FIRST)})
    if firmness.isna().any():
        raise ValueError(f"{claims['basis'][firmness.isna()].iloc[0]!r} is no basis of the codebook")
    return {
        "digest": claims["source_kind"].to_numpy() == "digest",
        "firmness": firmness.to_numpy(),
        "open": (claims[low].isna() | claims[high].isna()).to_numpy(),
        "copy": (claims["source_id"] != claims["origin_id"]).to_numpy(),
        "public_on": claims["public_on"].to_numpy(),
    }


def _rules(ranked, bounds, first):
    """Why the first claim of each group was chosen, in words; ``ranked`` and ``bounds`` in the order of preference."""
    sizes = np.diff([*first, len(ranked["group"])])
    chosen = np.repeat(first, sizes)
    differs = ~np.logical_and.reduce([(b == b[chosen]) | (np.isnan(b) & np.isnan(b[chosen])) for b in bounds])
    # Past the end of the claims stands for: none differs.
    nearest = np.minimum.reduceat(np.where(differs, np.arange(len(chosen)), len(chosen)), first)
    apart = nearest < len(chosen)
    rule = np.where(sizes == 1, "only claim", "all agree").astype(object)
    rule[apart] = _decided_by(ranked, first[apart], nearest[apart], CRITERIA)
    return pd.array(rule, dtype="str")


def _decided_by(ranked, chosen, runner_up, criteria):
    """The names of the first criteria in which chosen claims and the nearest that differ are not alike."""
    unlike = [ranked[name][chosen] != ranked[name][runner_up] for name in criteria]
    return np.select(unlike, [RULES[name] for name in criteria], RULES["claim_id"])


def conflicts(groups, definition):
    """The rows of :func:`pick` whose claims differ, each with ``differs``: in words, what the difference is.

    Where one claim gives only a floor or a ceiling, claims may all be true at once and it is the bound that differs;
    else the figure. ``definition`` is the column that says what is counted, which is the same within a group.
    """
    apart = groups[~groups["rule"].isin(["only claim", "all agree"])]
    open_range = (apart["range_low"].isna() | apart["range_high"].isna()).to_numpy(dtype=bool)
    words = np.where(open_range, "bound: a floor or ceiling beside another", f"figure, same {definition}")
    return apart.assign(differs=pd.Series(words, index=apart.index, dtype="str"))


def date_conflicts(book, programme):
    """Arrangement and step whose dated claims have no day in common: chosen date, full range, rule, claims.

    Claims that only bound the day from above take no part: they are true of every earlier day.
    """
    columns = ["receiver", "step", "chosen", "full", "rule", "differs", "origins", "claim_ids"]
    steps = book.steps
    dated = steps["date_earliest"].notna() & steps["date_latest"].notna()
    steps = steps[scope.in_scope(steps, programme) & (steps["stance"] == "asserts") & dated]
    groups = steps.groupby(["arrangement_id", "step"])
    apart = groups["date_earliest"].transform("max") > groups["date_latest"].transform("min")
    if not apart.any():
        return pd.DataFrame(columns=columns)
    steps = steps[apart].sort_values("claim_id", ignore_index=True)
    group = steps.groupby(["arrangement_id", "step"]).ngroup().to_numpy()
    marks = _criteria(steps, "date_earliest", "date_latest") | {"group": group}
    ranked = np.lexsort([marks[name] for name in reversed(("group", *DATE_CRITERIA))])
    first = np.searchsorted(group[ranked], np.arange(group.max() + 1))
    chosen = ranked[first]
    said = pd.factorize(steps["date"])[0]
    differs = said[ranked] != said[chosen][group[ranked]]
    nearest = ranked[np.minimum.reduceat(np.where(differs, np.arange(len(ranked)), len(ranked)), first)]
    spans = steps.groupby(group)
    full = zip(spans["date_earliest"].min(), spans["date_latest"].max(), strict=True)
    table = steps[["receiver", "step"]].iloc[chosen].reset_index(drop=True)
    table["chosen"] = steps["date"].array[chosen]
    table["full"] = [f"{dates.show_day(earliest)} to {dates.show_day(latest)}" for earliest, latest in full]
    table["rule"] = pd.array(_decided_by(marks, chosen, nearest, DATE_CRITERIA), dtype="str")
    table["differs"] = "day"
    table["origins"] = provenance.distinct_by(group, steps["origin_id"], len(table))
    table["claim_ids"] = provenance.joined_by(pd.Series(group), steps["claim_id"]).array
    return table[columns]
