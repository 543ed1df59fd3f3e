"""People moved: one row per movement, arrivals by destination, ceilings and running totals beside them, never added."""

import pandas as pd

from analysis import amounts, dates, evidence, places

BESIDE = ("mixed", "cumulative", "cap", "planned")


def reported(book, parameters, scope=True):
    """One row per ``transfer_id`` and ``population``, chosen and ranged as :func:`analysis.evidence.pick` says."""
    claims = book.transfers
    mine = evidence.in_scope(claims, parameters.programme)
    groups = evidence.pick(claims[mine if scope else ~mine], ["transfer_id", "population"], "people_min", "people_max")
    groups = groups[groups["origins"] >= parameters.min_origins]
    return groups.assign(name=[places.name(code) for code in groups["receiver"]]).reset_index(drop=True)


def by_destination(transfers):
    """One row per destination: people in single movements added up, and beside them what must not be added.

    Columns: ``receiver``, ``name``, ``movements`` (single movements of third-country people, without those that are part
    of another), ``people_low``, ``people_high`` (their sum, ``high`` missing where a movement is open at the top); for
    ``mixed``, ``cumulative``, ``cap`` and ``planned`` the largest reported, ``*_low`` and ``*_high``, missing where none.
    """
    rows = []
    for code, group in transfers.groupby("receiver", sort=True):
        moved = group[(group["population"] == "third_country") & ~group["part_of"].isin(group["transfer_id"])]
        low, high = amounts.add(moved["people_min"], moved["people_max"])
        row = {
            "receiver": code,
            "name": places.name(code),
            "movements": len(moved),
            "people_low": low,
            "people_high": high,
        }
        for population in BESIDE:
            low, high = _largest(group[group["population"] == population])
            row |= {f"{population}_low": low, f"{population}_high": high}
        rows.append(row)
    bounds = [f"{kind}_{bound}" for kind in ("people", *BESIDE) for bound in ("low", "high")]
    table = pd.DataFrame(rows, columns=["receiver", "name", "movements", *bounds]).astype(
        dict.fromkeys(bounds, "float64")
    )
    return table.sort_values(["people_low", "name"], ascending=[False, True], na_position="last").reset_index(drop=True)


def _largest(group):
    size = group["people_max"].fillna(group["people_min"]).dropna()
    if size.empty:
        return None, None
    row = group.loc[size.idxmax()]
    return row["people_min"], row["people_max"]


def headline(destinations, as_of):
    """The answer in a sentence: people in single movements, and to how many countries."""
    day = dates.show_day(as_of)
    moved = destinations[destinations["movements"] > 0]
    if moved.empty:
        return f"By {day}, no movement of third-country people had been reported."
    low, high = amounts.add(moved["people_low"], moved["people_high"])
    people = amounts.show_range(low, high, "people")
    where = "country" if len(moved) == 1 else "countries"
    count = int(moved["movements"].sum())
    noun = "movement" if count == 1 else "movements"
    others = len(destinations) - len(moved)
    rest = f"; {others} more have only ceilings, plans or running totals" if others else ""
    running = destinations.sort_values(["cumulative_low", "name"], ascending=[False, True]).iloc[0]
    total = amounts.show_range(running["cumulative_low"], running["cumulative_high"])
    beside = (
        f" Running totals are not added; the largest is {total} ({running['name']})." if total != "not reported" else ""
    )
    return f"By {day}, **{people}** were reported in {count} single {noun} to {len(moved)} {where}{rest}.{beside}"
