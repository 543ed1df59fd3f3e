"""People moved: one row per movement, arrivals by destination, ceilings and running totals beside them, never added."""

import pandas as pd

from analysis.values import countries, dates, ranges
from analysis.views import choose, scope

BESIDE = ("mixed", "cumulative", "cap", "planned")


def reported(book, parameters, context=False):
    """One row per ``transfer_id`` and ``population``, chosen and ranged as :func:`analysis.views.choose.pick` says."""
    claims = book.transfers
    mine = scope.in_scope(claims, parameters.programme)
    groups = choose.pick(claims[~mine if context else mine], ["transfer_id", "population"], "people_min", "people_max")
    groups = groups[groups["origins"] >= parameters.min_origins]
    return groups.assign(name=[countries.name(code) for code in groups["receiver"]]).reset_index(drop=True)


def by_destination(transfers):
    """One row per destination: people in single movements added up, and beside them what must not be added.

    Columns: ``receiver``, ``name``, ``movements`` (single movements of third-country people, without those that are part
    of another), ``people_low``, ``people_high`` (their sum, ``high`` missing where a movement is open at the top); for
    ``mixed``, ``cumulative``, ``cap`` and ``planned`` the largest reported, ``*_low`` and ``*_high``, missing where none.
    """
    columns = ["receiver", "transfer_id", "part_of", "population", "people_min", "people_max"]
    transfers = transfers[columns].dropna(subset=["receiver"])
    bounds = [f"{kind}_{bound}" for kind in ("people", *BESIDE) for bound in ("low", "high")]
    if transfers.empty:
        return pd.DataFrame(columns=["receiver", "name", "movements", *bounds]).astype(dict.fromkeys(bounds, "float64"))
    size = transfers["people_max"].fillna(transfers["people_min"])
    moved = transfers[(transfers["population"] == "third_country") & ~_part_of_another(transfers)]
    table = pd.DataFrame({"receiver": sorted(transfers["receiver"].unique())})
    table["name"] = [countries.name(code) for code in table["receiver"]]
    table["movements"] = table["receiver"].map(moved["receiver"].value_counts()).fillna(0).astype("int64")
    known = moved[moved[["people_min", "people_max"]].notna().any(axis=1)]
    by = known.groupby("receiver")
    open_top = known["people_max"].isna().groupby(known["receiver"]).any()
    table["people_low"] = table["receiver"].map(by["people_min"].sum())
    table["people_high"] = table["receiver"].map(by["people_max"].sum().where(~open_top))
    # Of several that are largest the first is shown.
    largest = transfers.assign(size=size).dropna(subset=["size"]).sort_values("size", ascending=False, kind="stable")
    largest = largest.drop_duplicates(["receiver", "population"])
    for population in BESIDE:
        here = largest[largest["population"] == population].set_index("receiver")
        table[f"{population}_low"] = table["receiver"].map(here["people_min"])
        table[f"{population}_high"] = table["receiver"].map(here["people_max"])
    table = table.astype(dict.fromkeys(bounds, "float64"))
    return table.sort_values(["people_low", "name"], ascending=[False, True], na_position="last").reset_index(drop=True)


def _part_of_another(transfers):
    """Whether a movement is part of another one to the same destination. A boolean Series."""
    whole = transfers[["receiver", "transfer_id"]].drop_duplicates().rename(columns={"transfer_id": "part_of"})
    found = transfers[["receiver", "part_of"]].merge(whole, how="left", indicator=True)["_merge"] == "both"
    return pd.Series(found.to_numpy(), index=transfers.index)


def headline(destinations, as_of):
    """The answer in a sentence: people in single movements, and to how many countries."""
    day = dates.show_day(as_of)
    moved = destinations[destinations["movements"] > 0]
    if moved.empty:
        return f"By {day}, no movement of third-country people had been reported."
    low, high = ranges.add(moved["people_low"], moved["people_high"])
    people = ranges.show_range(low, high, "people")
    where = "country" if len(moved) == 1 else "countries"
    count = int(moved["movements"].sum())
    noun = "movement" if count == 1 else "movements"
    others = len(destinations) - len(moved)
    rest = f"; {others} more have only ceilings, plans or running totals" if others else ""
    running = destinations.sort_values(["cumulative_low", "name"], ascending=[False, True]).iloc[0]
    total = ranges.show_range(running["cumulative_low"], running["cumulative_high"])
    beside = (
        f" Running totals are not added; the largest is {total} ({running['name']})." if total != "not reported" else ""
    )
    return f"By {day}, **{people}** were reported in {count} single {noun} to {len(moved)} {where}{rest}.{beside}"
