"""The published numbers by two routes: ``analysis.views.answers``, and ``recount.sql`` over the same CSV files.

The SQL is written from ``data/METHOD.md`` and knows nothing of the package. Where the two differ, METHOD.md says which is
wrong. Compared are the number, its upper bound and the countries behind it.
"""

import random
from pathlib import Path

import pytest

from analysis import ledger
from analysis.ledger import schema
from analysis.values import paths
from analysis.views import answers
from analysis.views.parameters import Parameters

duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed; it is in requirements.lock: run make again")

SQL = (Path(__file__).parent / "recount.sql").read_text(encoding="utf-8")
LEDGERS = 200
DAYS = ("2025-05-07", "2025-09-30", "2026-02-28")


def recounted(folder: Path, parameters: Parameters) -> dict[str, tuple]:
    """Quantity → (number, upper bound or ``None``, receivers) by the SQL."""
    with duckdb.connect() as database:
        given = {"folder": str(folder), **parameters.as_dict()}
        for name in ("folder", "programme", "as_of", "min_origins"):
            database.execute(f"SET VARIABLE {name} = $value", {"value": given[name]})
        database.execute(SQL)
        rows = database.execute("SELECT quantity, value, high, receivers FROM answers").fetchall()
    return {name: (float(value), None if high is None else float(high), tuple(codes)) for name, value, high, codes in rows}


def published(folder: Path, parameters: Parameters) -> dict[str, tuple]:
    """The same by the package."""
    numbers = answers.compute(parameters.apply(ledger.load(folder)), parameters)
    return {name: (float(a.value), a.high, a.receivers) for name, a in numbers.items()}


# --- the published ledger --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parameters",
    [Parameters(), *(Parameters(as_of=day) for day in DAYS), Parameters(min_origins=2)],
    ids=["default", *DAYS, "two origins"],
)
def test_the_published_numbers_are_found_again(parameters):
    assert recounted(paths.DATA, parameters) == published(paths.DATA, parameters)


def test_the_newest_day_is_found_again_and_nothing_after_it_can_be_asked_for():
    newest = ledger.load().as_of
    with duckdb.connect() as database:
        database.execute("SET VARIABLE folder = $folder", {"folder": str(paths.DATA)})
        database.execute(SQL)
        assert database.execute("SELECT latest_day, as_of FROM edition").fetchall() == [(newest.date(), newest.date())]
    later = str((newest + newest.resolution * 0).date().replace(year=newest.year + 1))
    with pytest.raises(duckdb.Error, match=f"as_of is after the newest report, which is of {newest.date()}"):
        recounted(paths.DATA, Parameters(as_of=later))


def test_every_country_and_payment_behind_a_number_can_be_listed():
    with duckdb.connect() as database:
        database.execute("SET VARIABLE folder = $folder", {"folder": str(paths.DATA)})
        database.execute(SQL)
        sums = database.execute("SELECT quantity, sum(low) FROM behind GROUP BY quantity").fetchall()
        totals = dict(database.execute("SELECT quantity, value FROM answers").fetchall())
    assert dict(sums) == {name: value for name, value in totals.items() if value}


# --- small ledgers ---------------------------------------------------------------------------------------------------

COUNTRIES = ("rwa", "pan", "gha")
PUBLISHED = (
    "2025-03-01", "2025-03-10", "2025-04", "2025-04-05~", "2025-04-10/2025-04-20", "../2025-05-01", "2025-05-06", "2025-06",
    "2025", "2025-03-02/..", "",
)  # fmt: skip
EVENTS = (
    "", "2025", "2025-03", "2025-03~", "2025-04", "2025-03-05", "2025-04-02", "2025-04-30", "2025-05-03", "../2025-03-20",
    "../2025-04", "../2025-05-06", "2025-04-01/..", "2025-03-15/2025-04-15", "2025-02/2025-03-10",
)  # fmt: skip
STEPS, BASES = tuple(schema.codes("steps", "step")), tuple(schema.codes("steps", "basis"))
BOUNDS = ((10, 10), (20, 20), (20, 40), (5, None), (None, 30), (30, None), (None, None), (0, 0))


def small_ledger(seed: int) -> dict[str, list[dict[str, str]]]:
    """Rows for ``write_ledger``: denials, parts, doubt, open dates and bounds, several arrangements and origins are common."""
    rng = random.Random(seed)
    sources = []
    for number in range(rng.randint(3, 6)):
        published_on = rng.choice(PUBLISHED) if number else "2025-03-01"  # one is dated, so that something is known
        basis = "stated" if published_on else "unknown"
        kind = rng.choice(("news", "news", "wire", "government", "digest"))
        sources.append({"source_id": f"paper{number}", "kind": kind, "published": published_on, "published_basis": basis})

    arrangements = [
        {
            "arrangement_id": f"{country}-{instrument}-2025",
            "instrument": instrument,
            "programme": "us-2019" if rng.random() < 0.1 else "us-2025",
        }
        for country in (*COUNTRIES, "any")
        for instrument in rng.sample(("removal", "transit", "asylum", "own_nationals"), rng.choice((1, 1, 2, 3)))
    ]

    def claim(**cells) -> dict[str, str]:
        paper = rng.choice(sources)["source_id"]
        return {
            **{column: "" if value is None else str(value) for column, value in cells.items()},
            "source_id": paper,
            "origin_id": paper if rng.random() < 0.5 else rng.choice(sources)["source_id"],
            "stance": "denies" if rng.random() < 0.2 else "asserts",
            "basis": rng.choice(BASES),
            "date": rng.choice(EVENTS),
            "status": "active" if rng.random() < 0.9 else rng.choice(("superseded", "withdrawn")),
            "doubtful": "true" if rng.random() < 0.2 else "",
        }

    def things(table: str, key: str, kinds: dict[str, tuple]) -> list[dict[str, str]]:
        """Claims about a few payments or movements; each may be part of an earlier one."""
        rows, names = [], []
        for number in range(rng.randint(2, 6)):
            fixed = {"arrangement_id": rng.choice(arrangements)["arrangement_id"]}
            if names and rng.random() < 0.5:
                whole = rng.choice(names)
                fixed |= {"part_of": whole, "arrangement_id": next(r["arrangement_id"] for r in rows if r[key] == whole)}
            fixed |= {key: f"{table}-{number}"} | {column: rng.choice(codes) for column, codes in kinds.items()}
            names.append(fixed[key])
            for _ in range(rng.randint(1, 4)):
                low, high = rng.choice(BOUNDS)
                if table == "payments":
                    stage = rng.choice(("paid", "agreed", "agreed", "offered"))
                    currency = fixed["currency"] if low is not None or high is not None else None
                    rows.append(claim(**fixed | {"amount_min": low, "amount_max": high, "stage": stage, "currency": currency}))
                else:
                    population = rng.choice(("third_country", "third_country", "cumulative", "mixed", "cap"))
                    rows.append(claim(**fixed | {"people_min": low, "people_max": high, "population": population}))
        return rows

    money = {"unit": ("lump_sum",) * 4 + ("per_person",), "currency": ("USD",) * 4 + ("EUR",)}
    return {
        "sources": sources,
        "arrangements": arrangements,
        "steps": [
            claim(arrangement_id=rng.choice(arrangements)["arrangement_id"], step=rng.choice(STEPS))
            for _ in range(rng.randint(3, 25))
        ],
        "payments": things("payments", "payment_id", money),
        "transfers": things("transfers", "transfer_id", {}),
    }


def small_parameters(seed: int, known: ledger.Ledger) -> Parameters:
    """The latest day or another on which something became public, and up to three origins."""
    rng = random.Random(seed)
    days = sorted(day.date().isoformat() for day in known.claims["public_on"].unique())
    return Parameters(as_of=rng.choice(("latest", "latest", *days)), min_origins=rng.choice((1, 1, 1, 2, 2, 3)))


@pytest.mark.parametrize("seed", range(LEDGERS))
def test_both_routes_agree_on_small_ledgers(seed, write_ledger):
    folder = write_ledger(**small_ledger(seed))
    parameters = small_parameters(seed, ledger.load(folder))
    assert recounted(folder, parameters) == published(folder, parameters), parameters
