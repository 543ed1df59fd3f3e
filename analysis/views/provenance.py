"""Where claims come from: distinct origins and sources, which sources retell which origin, what each source gave.

Independence is counted in origins, never in outlets: ten pages that retell one report are one origin. What belongs
elsewhere: choosing among claims that differ (``choose``), comparing wording with held texts (``curation.quotations``).
"""

from itertools import pairwise

import numpy as np
import pandas as pd


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


def copies(book):
    """One row per origin that more than one source retells: its claims, the sources, and whether it was read itself."""
    claims = book.claims
    group, names = pd.factorize(claims["origin_id"], sort=True)
    table = pd.DataFrame({"origin_id": names})
    table["claims"] = np.bincount(group, minlength=len(names))
    table["retold_in"] = joined_by(pd.Series(group), claims["source_id"]).array
    table["sources"] = distinct_by(group, claims["source_id"], len(names))
    table["public_on"] = claims["public_on"].groupby(group).max().to_numpy()
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
