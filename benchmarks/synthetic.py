"""Write a ledger as large as wanted that has the shape of the real one and no problem, to see how costs grow.

``python benchmarks/synthetic.py FOLDER CLAIMS [SEED]``

Codes, amounts and counts are drawn from the rows of the real ledger, row by row, so that what stands together fits
together; countries come from the table of places, days from December 2024 to July 2026. Publishers, titles, wording
and notes are made up ("Paper 17"). The same seed gives the same files, byte by byte.
"""

import csv
import datetime as dt
import sys
from pathlib import Path

import numpy as np

from analysis.ledger import files, schema
from analysis.values import countries

FIRST, DAYS = dt.date(2024, 12, 1), 600
READ_ON = "2026-11-21"
SPAN = [FIRST + dt.timedelta(days=number) for number in range(DAYS)]
DAY = np.array([day.isoformat() for day in SPAN], object)
MONTH = np.array([day.isoformat()[:7] for day in SPAN], object)


class Drawn:
    """Rows of a real table drawn with replacement; ``drawn[column]`` gives the cells of the rows drawn."""

    def __init__(self, table, number, rng):
        self.cells = files.read_table(table).cells
        self.rows = rng.integers(len(self.cells), size=number) if number else np.array([], "int64")

    def __getitem__(self, column):
        return self.cells[column].to_numpy(object)[self.rows]

    def shared(self, groups):
        """The same for rows in ``groups``: most rows of a group are copies of one real row."""
        first = self.rows[np.unique(groups, return_index=True)[1]][groups]
        own = np.arange(len(groups)) % 7 == 3
        self.first = first
        self.rows = np.where(own, self.rows, first)
        return self

    def same(self, column):
        """After :meth:`shared`: what all rows of a group have in common."""
        return self.cells[column].to_numpy(object)[self.first]


def write(folder, claims, seed=0):
    """Write all tables with exactly ``claims`` claims over the claim tables into ``folder``; returns it. No readings.

    Tables grow in the proportions of the real ledger. Numbers of claims have as many digits as the largest needs, five
    at least, so that their order as text is their order.
    """
    rng = np.random.default_rng(seed)
    real = {table: len(files.read_table(table)) for table in schema.TABLES}
    per_claim = {table: rows / sum(real[name] for name in schema.CLAIM_TABLES) for table, rows in real.items()}
    sizes = {table: int(claims * per_claim[table]) for table in schema.TABLES}
    sizes["steps"] = claims - sum(sizes[table] for table in schema.CLAIM_TABLES[1:])
    sizes["sources"], sizes["arrangements"] = max(1, sizes["sources"]), max(1, sizes["arrangements"])

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    sources, day, unseen = _sources(sizes["sources"], rng)
    arrangements = _arrangements(sizes["arrangements"], rng)
    _save(folder, "sources", sources)
    _save(folder, "arrangements", arrangements)
    source, origin = _reported(claims, unseen, rng)
    numbers = rng.permutation(claims) + 1
    start = 0
    for table in schema.CLAIM_TABLES:
        mine = slice(start, start + sizes[table])
        start += sizes[table]
        rows = _claims(np.sort(numbers[mine]), source[mine], origin[mine], sources, day, claims, rng)
        own = {"steps": _steps, "payments": _money, "transfers": _moved, "tallies": _counted, "acts": _acted}[table]
        _save(folder, table, rows | own(sizes[table], arrangements["arrangement_id"], rng))
    _save(folder, schema.READINGS, {"reading_id": []})
    return folder


def _save(folder, table, cells):
    number = len(next(iter(cells.values())))
    columns = [cells.get(column, [""] * number) for column in schema.columns(table)]
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(schema.columns(table))
        writer.writerows(zip(*columns, strict=True))


def _texts(pattern, *columns):
    return np.array([pattern.format(*cells) for cells in zip(*columns, strict=True)], object)


def _in_turn(numbers, *patterns):
    """A text for each number, by the patterns in turn."""
    return np.array([patterns[number % len(patterns)].format(number) for number in numbers], object)


def _mixed(rng, number, *forms):
    """One of several forms per row: pairs of a share and of the cells in that form."""
    shares = np.array([share for share, _ in forms])
    which = rng.choice(len(forms), size=number, p=shares / shares.sum())
    return np.choose(which, [cells for _, cells in forms]), which


def _sources(number, rng):
    """The table, the day of each source, and which were not seen: one of each four, with one that was read after it."""
    day = np.sort(rng.integers(40, DAYS, size=number))
    before = day - rng.integers(1, 6, size=number)
    published, form = _mixed(
        rng,
        number,
        (0.62, DAY[day]),
        (0.29, DAY[before] + "/" + DAY[day]),
        (0.03, MONTH[day]),
        (0.02, MONTH[day] + "~"),
        (0.01, "../" + DAY[day]),
        (0.03, np.full(number, "", object)),
    )
    unseen = np.zeros(number, bool)
    blocks = np.arange(number // 4) * 4
    unseen[blocks + rng.integers(3, size=len(blocks))] = True
    read = np.where(unseen, "not_seen", np.where(rng.random(number) < 0.07, "full", "opening"))
    drawn = Drawn("sources", number, rng)
    paper = rng.integers(max(1, number // 4), size=number)
    serial = np.arange(number)
    cells = {
        "source_id": _texts("paper{}-{}-{}", paper, DAY[day], serial),
        "publisher": _texts("Paper {}", paper),
        "title": _in_turn(serial, *["Report {}"] * 6, *["Report {}, continued"] * 2, "Report {}: São Tomé"),
        "kind": drawn["kind"],
        "url": _texts("https://example.org/paper{}/{}", paper, serial),
        "language": drawn["language"],
        "published": published,
        "published_basis": np.choose(form, ["stated", *["computed"] * 4, "unknown"]),
        "read": read,
        "read_on": np.where(unseen, "", READ_ON),
        "text_sha256": [rng.bytes(32).hex() if how == "full" else "" for how in read],
    }
    return cells, day, unseen


def _arrangements(number, rng):
    """Several episodes for most countries and instruments, as numbers after the year."""
    drawn = Drawn("arrangements", number, rng)
    codes = np.array(sorted(set(countries.table()) - {"USA", "GBR"}), object)
    # Few countries have most arrangements.
    receiver = codes[(len(codes) * rng.random(number) ** 2).astype(int)]
    receiver = np.where(drawn["receiver"] == "", "", receiver)
    kind = _texts("{}-{}-2025", [code.lower() or "any" for code in receiver], drawn["instrument"])
    count, episode = {}, []
    for name in kind:
        count[name] = count.get(name, 0) + 1
        episode.append(f"{name}-e{count[name]}" if count[name] > 1 else name)  # four digits alone would be a year
    return {
        "arrangement_id": np.array(episode, object),
        "programme": drawn["programme"],
        "sender": drawn["sender"],
        "receiver": receiver,
        "instrument": drawn["instrument"],
        "label": _texts("{}: {}", [countries.name(code) for code in receiver], drawn["instrument"]),
    }


def _reported(claims, unseen, rng):
    """Source and origin of each claim as rows of sources, which are in the order of their days; all are used."""
    read = np.flatnonzero(~unseen)
    source = np.concatenate([read, read[rng.integers(len(read), size=claims)]])[:claims]
    back = rng.geometric(0.02, size=claims) * (rng.random(claims) > 0.43)
    origin = np.maximum(source - back, 0)
    # The last of each four sources was read and retells the one of them that was not seen.
    hidden = np.flatnonzero(unseen)
    origin[np.searchsorted(read, hidden // 4 * 4 + 3)] = hidden
    order = rng.permutation(claims)
    return source[order], origin[order]


def _claims(numbers, source, origin, sources, day, claims, rng):
    """What the claim tables have in common."""
    rows = len(numbers)
    drawn = Drawn("steps", rows, rng)
    at = np.maximum(day[origin] - rng.geometric(0.03, size=rows), 8)  # the origin tells of what has happened
    date, form = _mixed(
        rng,
        rows,
        (0.62, "../" + DAY[at]),
        (0.21, DAY[at]),
        (0.06, DAY[at - rng.integers(1, 8, size=rows)] + "/" + DAY[at]),
        (0.05, MONTH[at]),
        (0.04, "../" + MONTH[at]),
        (0.01, DAY[at] + "~"),
        (0.01, np.full(rows, "", object)),
    )
    held = np.array(sources["text_sha256"], object)[source] != ""
    note = rng.random(rows) < 0.7
    words = ["Own words about claim {}."] * 3 + ['Own words about claim {}, called "claim".'] * 2 + ["Malé, claim {}."]
    return {
        "claim_id": numbered(numbers, claims),
        "stance": drawn["stance"],
        "date": date,
        "date_basis": np.choose(form, ["bounded", "stated", "computed", "computed", "bounded", "computed", ""]),
        "source_id": sources["source_id"][source],
        "locator": np.where(held, _texts("p{}", rng.integers(1, 40, size=rows)), ""),
        "wording": _texts("is said to take {} people", rng.integers(2, 900, size=rows)),
        "origin_id": sources["source_id"][origin],
        "basis": drawn["basis"],
        "status": np.full(rows, "active"),
        "coded_on": np.full(rows, READ_ON),
        "checked_on": np.full(rows, READ_ON),
        "note": np.where(note, _in_turn(numbers, *words), ""),
    }


def numbered(numbers, claims):
    """Identifiers of claims, with as many digits as the largest of ``claims`` needs, five at least."""
    width = max(5, len(str(claims)))
    return [f"c{number:0{width}d}" for number in numbers]


def _grouped(rows, size, rng):
    """A group for each row, about ``size`` rows in each; no group is empty."""
    groups = max(1, int(rows / size))
    return np.concatenate([np.arange(groups), rng.integers(groups, size=rows)])[:rows]


def _copied(drawn, *columns):
    return {column: drawn[column] for column in columns}


def _steps(rows, arrangements, rng):
    some = rng.integers(len(arrangements), size=rows)
    arrangement = np.concatenate([np.arange(len(arrangements)), some])[:rows]
    return {"arrangement_id": arrangements[rng.permutation(arrangement)]} | _copied(Drawn("steps", rows, rng), "step")


def _money(rows, arrangements, rng):
    group = _grouped(rows, 3, rng)
    columns = ("payer", "payee", "amount_min", "amount_max", "people_basis", "stage", "purpose")
    drawn = Drawn("payments", rows, rng).shared(group)
    reported = (drawn["amount_min"] != "") | (drawn["amount_max"] != "")
    currency = np.where(drawn.same("currency") == "", "USD", drawn.same("currency"))
    same = {"currency": np.where(reported, currency, ""), "unit": drawn.same("unit")}
    return _parts("payment_id", "money", group, arrangements, rng) | _copied(drawn, *columns) | same


def _moved(rows, arrangements, rng):
    group = _grouped(rows, 2.4, rng)
    drawn = Drawn("transfers", rows, rng).shared(group)
    return _parts("transfer_id", "move", group, arrangements, rng) | _copied(
        drawn, "people_min", "people_max", "population", "nationalities"
    )


def _parts(key, word, group, arrangements, rng):
    """Identifier, arrangement and, for every twentieth group, the whole that it is a part of: the group before it, of the same
    arrangement.
    """
    part = (group % 20 == 19) & (group > 0)
    of = rng.integers(len(arrangements), size=len(group) + 1)[np.where(part, group - 1, group)]
    return {
        key: _texts(word + "-{}", group),
        "arrangement_id": arrangements[of],
        "part_of": np.where(part, _texts(word + "-{}", np.maximum(group - 1, 0)), ""),
    }


def _counted(rows, arrangements, rng):
    group = _grouped(rows, 1.8, rng)
    drawn = Drawn("tallies", rows, rng).shared(group)
    return {"tally_id": _texts("tally-{}", group), "definition": _texts("What tally {} counts.", group)} | _copied(
        drawn, "among", "counted", "count_min", "count_max", "unit"
    )


def _acted(rows, arrangements, rng):
    if not rows:
        return {}
    group = _grouped(rows, 2, rng)
    drawn = Drawn("acts", rows, rng).shared(group)
    of = rng.integers(len(arrangements), size=len(group) + 1)[group]
    same = {column: drawn.same(column) for column in ("actor", "jurisdiction")}
    names = {"act_id": _texts("act-{}", group), "arrangement_id": arrangements[of], "label": _texts("Act {}", group)}
    return names | same | _copied(drawn, "actor_name", "effect")


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), *(int(word) for word in sys.argv[3:4]))
