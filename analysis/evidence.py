"""How well a statement is supported: scope, origins, the rule that chooses among differing values, copies, held texts.

Independence is counted in origins, never in outlets: ten pages that retell one report are one origin. Nothing is
averaged. What belongs elsewhere: what the claims say about positions, money, people and time.
"""

import hashlib
import re
from pathlib import Path

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


def joined(values):
    """Distinct non-blank values in order, as ``a; b; c``."""
    return "; ".join(sorted({value for value in values if isinstance(value, str) and value}))


def pick(claims, keys, low, high):
    """One row per group of claims about the same thing: the chosen range, the full range, and the rule that chose.

    ``keys`` are the columns that make the group, ``low`` and ``high`` the columns of its bounds. The chosen claim is
    the first by: not a digest, firmest basis, both bounds given, read at the origin itself, reported first, claim
    number. Adds ``{low}``/``{high}`` (chosen), ``range_low``, ``range_high``, ``chosen_claim``, ``rule`` (the first
    criterion that sets the chosen claim apart from the nearest that differs), ``claims``, ``origins`` and ``sources`` (counts),
    ``first_known``, ``reported_by``, ``disputed``, ``thin`` (only digests), ``claim_ids``. Other columns are the chosen
    claim's.
    """
    columns = [*claims.columns, "range_low", "range_high", "chosen_claim", "rule", "claims", "origins", "sources"]
    columns += ["first_known", "reported_by", "disputed", "thin", "claim_ids"]
    asserting = claims[claims["stance"] == "asserts"]
    denied = set(map(tuple, claims.loc[claims["stance"] == "denies", keys].to_numpy()))
    ranked = asserting.assign(
        digest=asserting["source_kind"] == "digest",
        firmness=asserting["basis"].map(FIRMEST_FIRST.index),
        open=asserting[low].isna() | asserting[high].isna(),
        copy=asserting["source_id"] != asserting["origin_id"],
    ).sort_values(["digest", "firmness", "open", "copy", "known_on", "claim_id"])
    rows = []
    for key, group in ranked.groupby(keys, sort=True):
        chosen = group.iloc[0]
        bottom, top = amounts.envelope(group[low], group[high])
        first = group.sort_values(["known_on", "claim_id"]).iloc[0]
        rows.append(
            {column: chosen[column] for column in claims.columns}
            | {
                "range_low": bottom,
                "range_high": top,
                "chosen_claim": chosen["claim_id"],
                "rule": _rule(group, low, high),
                "claims": len(group),
                "origins": group["origin_id"].nunique(),
                "sources": group["source_id"].nunique(),
                "first_known": first["known_on"],
                "reported_by": first["origin_publisher"],
                "disputed": key in denied,
                "thin": bool(group["digest"].all()),
                "claim_ids": joined(group["claim_id"]),
            }
        )
    return pd.DataFrame(rows, columns=columns).astype({"range_low": "float64", "range_high": "float64"})


def _rule(group, low, high):
    if len(group) == 1:
        return "only claim"
    chosen = group.iloc[0]
    other = ~(_same(group[low], chosen[low]) & _same(group[high], chosen[high]))
    if not other.any():
        return "all agree"
    return _decided_by(chosen, group[other].iloc[0], ("digest", "firmness", "open", "copy", "known_on"))


def _decided_by(chosen, runner_up, criteria):
    """The name of the first criterion in which the chosen claim and the nearest one that differs are not alike."""
    for column in criteria:
        if chosen[column] != runner_up[column]:
            return RULES[column]
    return RULES["claim_id"]


def _same(values, value):
    return values.isna() if pd.isna(value) else values == value


def conflicts(groups, definition):
    """The rows of :func:`pick` whose claims differ, each with ``differs``: in words, what the difference is.

    Where one claim gives only a floor or a ceiling, claims may all be true at once and it is the bound that differs;
    else the figure. ``definition`` is the column that says what is counted, which is the same within a group.
    """
    apart = groups[~groups["rule"].isin(["only claim", "all agree"])]
    words = []
    for row in apart.to_dict("records"):
        open_range = pd.isna(row["range_low"]) or pd.isna(row["range_high"])
        words.append("bound: a floor or ceiling beside another" if open_range else f"figure, same {definition}")
    return apart.assign(differs=pd.Series(words, index=apart.index, dtype="str"))


def date_conflicts(book, programme):
    """Arrangement and step whose dated claims have no day in common: chosen date, full range, rule, claims.

    Claims that only bound the day from above take no part: they are true of every earlier day.
    """
    steps = book.steps[in_scope(book.steps, programme) & (book.steps["stance"] == "asserts")]
    steps = steps[steps["date_earliest"].notna() & steps["date_latest"].notna()]
    rows = []
    for (_, step), group in steps.groupby(["arrangement_id", "step"]):
        if group["date_earliest"].max() <= group["date_latest"].min():
            continue
        firm = group.assign(
            digest=group["source_kind"] == "digest", firmness=group["basis"].map(FIRMEST_FIRST.index)
        ).sort_values(["digest", "firmness", "known_on", "claim_id"])
        first, last = group["date_earliest"].min(), group["date_latest"].max()
        best = firm.iloc[0]
        runner_up = firm[firm["date"] != best["date"]].iloc[0]
        rows.append(
            {
                "receiver": best["receiver"],
                "step": step,
                "chosen": best["date"],
                "full": f"{dates.show_day(first)} to {dates.show_day(last)}",
                "rule": _decided_by(best, runner_up, ("digest", "firmness", "known_on")),
                "differs": "day",
                "origins": group["origin_id"].nunique(),
                "claim_ids": joined(group["claim_id"]),
            }
        )
    columns = ["receiver", "step", "chosen", "full", "rule", "differs", "origins", "claim_ids"]
    return pd.DataFrame(rows, columns=columns)


def copies(book):
    """One row per origin that more than one source retells: its claims, the sources, and whether it was read itself."""
    claims = book.claims
    kinds = book.sources.set_index("source_id")
    grouped = claims.groupby("origin_id").agg(
        claims=("claim_id", "nunique"),
        retold_in=("source_id", lambda ids: "; ".join(sorted(set(ids)))),
        sources=("source_id", "nunique"),
        known_on=("known_on", "max"),
    )
    grouped = grouped.reset_index()
    grouped["publisher"] = grouped["origin_id"].map(kinds["publisher"])
    grouped["read"] = grouped["origin_id"].map(kinds["read"])
    return grouped.sort_values(["sources", "claims", "origin_id"], ascending=[False, False, True]).reset_index(
        drop=True
    )


def source_list(book):
    """One row per source that is read: what it is, claims taken from it, and how many of them began elsewhere."""
    claims = book.claims
    counts = (
        claims.assign(elsewhere=claims["source_id"] != claims["origin_id"])
        .groupby("source_id")
        .agg(claims=("claim_id", "nunique"), from_elsewhere=("elsewhere", "sum"), origins=("origin_id", "nunique"))
    )
    used = set(claims["source_id"]) | set(claims["origin_id"])
    table = book.sources[book.sources["source_id"].isin(used)].set_index("source_id")
    as_origin = claims.groupby("origin_id")["claim_id"].nunique()
    return (
        table.assign(
            claims=counts["claims"].reindex(table.index).fillna(0).astype(int),
            from_elsewhere=counts["from_elsewhere"].reindex(table.index).fillna(0).astype(int),
            as_origin=as_origin.reindex(table.index).fillna(0).astype(int),
        )
        .reset_index()
        .sort_values("source_id")
        .reset_index(drop=True)
    )


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
