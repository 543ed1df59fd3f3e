"""How well a statement is supported: scope, origins, the rule that chooses among differing values, copies, held texts.

Independence is counted in origins, never in outlets: ten pages that retell one report are one origin. Nothing is
averaged. What belongs elsewhere: what the claims say about positions, money, people and time.
"""

import hashlib
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import amounts, cells, codebook, dates, places

OUT_OF_SCOPE = ("own_nationals",)
FIRMEST_FIRST = (
    "court", "document", "government_statement", "official_named", "ngo", "official_unnamed", "reporting", "unattributed",
)  # fmt: skip
RULES = {
    "digest": "not a machine-made digest",
    "firmness": "firmest basis",
    "open": "both bounds given",
    "copy": "read at the origin itself",
    "known_on": "reported first",
    "claim_id": "lower claim number",
}
CRITERIA = ("digest", "firmness", "open", "copy", "known_on")
DATE_CRITERIA = ("digest", "firmness", "known_on")


def in_scope(claims, programme):
    """Rows that count: of this programme, about a state, and not about its own nationals. A boolean Series."""
    return (
        (claims["programme"] == programme)
        & ~claims["instrument"].isin(OUT_OF_SCOPE)
        & (claims["receiver"].fillna("") != "")
    )


def countries(book, programme):
    """Alpha-3 codes of the countries with at least one claim in scope, in alphabetical order."""
    claims = book.claims
    return sorted(set(claims.loc[in_scope(claims, programme), "receiver"]))


def joined_by(keys, values):
    """Each key's distinct values in order: a Series of ``a; b; c`` by key, in the order of the keys; blank where all are.

    ``keys`` and ``values`` are Series of one length; rows without a key are left out.
    """
    codes, names = pd.factorize(keys, sort=True)
    said = np.flatnonzero((codes >= 0) & values.notna().to_numpy() & (values != "").to_numpy())
    order, words = pd.factorize(values.iloc[said], sort=True)
    pairs = _distinct(codes[said] * (len(words) + 1) + order)
    owners, words = pairs // (len(words) + 1), words.to_numpy(dtype=object)[pairs % (len(words) + 1)].tolist()
    ends = np.searchsorted(owners, np.arange(len(names) + 1)).tolist()
    text = ["; ".join(words[begin:end]) for begin, end in pairwise(ends)]
    return pd.Series(text, index=names, dtype="str")


def distinct_by(groups, values, count):
    """How many distinct values each of the groups 0 to ``count`` - 1 has: an array. Missing ones and group -1 do not count."""
    codes, names = pd.factorize(values)
    pairs = _distinct((groups * len(names) + codes)[(codes >= 0) & (groups >= 0)])
    return np.bincount(pairs // max(len(names), 1), minlength=count)


def _distinct(numbers):
    """In order, without those that come again. ``np.unique`` hashes them, which is slower on many."""
    numbers = np.sort(numbers)
    return numbers[np.diff(numbers, prepend=-1) > 0]


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
    chosen, earliest = ranked[first], np.lexsort((marks["known_on"], marks["group"]))[first]
    table = claims.iloc[by_number[chosen]].reset_index(drop=True)
    bounds = [claims[bound].to_numpy()[by_number[ranked]] for bound in (low, high)]
    table["range_low"], table["range_high"] = amounts.envelopes(*bounds, first)
    table["chosen_claim"] = table["claim_id"]
    table["rule"] = _rules({name: values[ranked] for name, values in marks.items()}, bounds, first)
    table["claims"] = np.bincount(group)
    table["origins"] = distinct_by(group, claims["origin_id"], count)
    table["sources"] = distinct_by(group, claims["source_id"], count)
    reports = claims[["known_on", "origin_publisher"]].iloc[by_number[earliest]]
    table["first_known"], table["reported_by"] = reports["known_on"].array, reports["origin_publisher"].array
    table["disputed"] = np.isin(named, denied)
    table["thin"] = np.logical_and.reduceat(marks["digest"][ranked], first)
    table["claim_ids"] = joined_by(pd.Series(group), claims["claim_id"]).array
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
        "known_on": claims["known_on"].to_numpy(),
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
    steps = steps[in_scope(steps, programme) & (steps["stance"] == "asserts") & dated]
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
    table["origins"] = distinct_by(group, steps["origin_id"], len(table))
    table["claim_ids"] = joined_by(pd.Series(group), steps["claim_id"]).array
    return table[columns]


def copies(book):
    """One row per origin that more than one source retells: its claims, the sources, and whether it was read itself."""
    claims = book.claims
    group, names = pd.factorize(claims["origin_id"], sort=True)
    table = pd.DataFrame({"origin_id": names})
    table["claims"] = np.bincount(group, minlength=len(names))
    table["retold_in"] = joined_by(pd.Series(group), claims["source_id"]).array
    table["sources"] = distinct_by(group, claims["source_id"], len(names))
    table["known_on"] = claims["known_on"].groupby(group).max().to_numpy()
    more = book.sources.set_index("source_id")[["publisher", "read"]]
    table[more.columns] = more.reindex(names).to_numpy()
    return table.iloc[np.lexsort((-table["claims"], -table["sources"]))].reset_index(drop=True)  # else by identifier


def source_list(book):
    """One row per source that is read: what it is, claims taken from it, and how many of them began elsewhere."""
    claims, known = book.claims, pd.Index(book.sources["source_id"])
    read_in, first_in = known.get_indexer(claims["source_id"]), known.get_indexer(claims["origin_id"])

    def count(places):
        return np.bincount(places[places >= 0], minlength=len(known))

    table = book.sources.assign(
        claims=count(read_in), from_elsewhere=count(read_in[read_in != first_in]), as_origin=count(first_in)
    )
    return table[table["claims"] + table["as_origin"] > 0].sort_values("source_id", ignore_index=True)


# --- held texts against locators and wording --------------------------------------------------------------------------


def plain(text):
    """Text with straight quotes and single spaces, as the ledger writes wording."""
    return " ".join(text.translate(cells.SMART).split())


def held_texts(folder):
    """SHA-256 of each file in ``folder`` → its non-empty lines."""
    texts = {}
    for path in sorted(Path(folder).iterdir()):
        if path.is_file():
            data = path.read_bytes()
            texts[hashlib.sha256(data).hexdigest()] = paragraphs(data.decode("utf-8", errors="replace"))
    return texts


def verify(book, folder, near=2):
    """Claims against the texts held in ``folder``: one row per claim with a locator, and what was found.

    ``result`` is ``verified``, or ``text not held``, ``no such paragraph``, ``wording not in the paragraph``,
    ``country not named nearby``. The country's name or adjective may stand in the paragraph or up to ``near`` paragraphs
    from it; the whole-programme claims, which have no country, are verified by wording alone.
    """
    texts = held_texts(folder)
    hashes = book.sources.set_index("source_id")["text_sha256"]
    claims = book.claims
    rows = []
    for claim in claims[claims["locator"] != ""].itertuples():
        lines = texts.get(hashes[claim.source_id])
        number = int(claim.locator[1:])
        if lines is None:
            result = "text not held"
        elif number > len(lines):
            result = f"no such paragraph: the text has {len(lines)}"
        elif plain(claim.wording).casefold() not in plain(lines[number - 1]).casefold():
            result = "wording not in the paragraph"
        else:
            window = " ".join(lines[max(0, number - 1 - near) : number + near])
            country = claim.receiver if isinstance(claim.receiver, str) else ""
            result = "verified" if not country or places.mentioned(country, window) else "country not named nearby"
        rows.append((claim.table, claim.line, claim.claim_id, claim.source_id, claim.locator, claim.wording, result))
    return pd.DataFrame(rows, columns=["table", "line", "claim_id", "source_id", "locator", "wording", "result"])


def paragraphs(text):
    """The non-empty lines of a text, which locators count from p1."""
    return [line for line in re.split(r"\r?\n", text) if line.strip()]


def rung(steps):
    """The rank of each step on the ladder, missing for steps beside it."""
    return steps.map({step: number for number, step in enumerate(codebook.LADDER)})
