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

duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed; it stands in requirements-test.lock")

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
    return {
        name: (float(value), None if high is None else float(high), tuple(codes)) for name, value, high, codes in rows
    }


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
    later = str(newest.date().replace(year=newest.year + 1))
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
KINDS = ("news", "news", "wire", "government", "digest")
PUBLISHED = (
    "2025-03-01", "2025-03-10", "2025-04", "2025-04-05~", "2025-04-10/2025-04-20", "../2025-05-01", "2025-05-06", "2025-06",
    "2025", "2025-03-02/..", "",
)  # fmt: skip
EVENTS = (
    "", "2025", "2025-03", "2025-03~", "2025-04", "2025-03-05", "2025-04-02", "2025-04-30", "2025-05-03", "../2025-03-20",
    "../2025-04", "../2025-05-06", "2025-04-01/..", "2025-03-15/2025-04-15", "2025-02/2025-03-10",
)  # fmt: skip
BOUNDS = ((10, 10), (20, 20), (20, 40), (5, None), (None, 30), (30, None), (None, None), (0, 0))
STEPS, BASES = tuple(schema.codes("steps", "step")), tuple(schema.codes("steps", "basis"))
STAGES = ("paid", "paid", "agreed", "agreed", "agreed", "offered")
POPULATIONS = ("third_country", "third_country", "cumulative", "mixed", "cap")
INSTRUMENTS = ("removal", "removal", "removal", "transit", "transit", "asylum", "asylum", "own_nationals")
PAYMENT_KINDS = (("lump_sum", "USD"),) * 4 + (("per_person", "USD"), ("lump_sum", "EUR"))


class Draw:
    """Draws rows for ``write_ledger``. Denials, parts, doubt, open dates and bounds, and several arrangements of a country are
    common. The same seed gives the same rows.
    """

    def __init__(self, seed: int):
        self.rng = random.Random(seed)
        self.bases = self.rng.sample(BASES, 3)  # few, so that claims often differ in something else
        self.sources = [self.source(number) for number in range(self.rng.randint(4, 7))]
        self.arrangements = [
            self.arrangement(country, instrument)
            for country in (*self.rng.sample(COUNTRIES, self.rng.choice((1, 2, 3))), *self.rng.choice(((), ("any",))))
            for instrument in dict.fromkeys(self.rng.choices(INSTRUMENTS, k=self.rng.choice((1, 2, 3))))
        ]

    def tables(self) -> dict[str, list[dict[str, str]]]:
        steps = [self.claim(**self.somewhere(), step=self.rng.choice(STEPS)) for _ in range(self.rng.randint(10, 40))]
        return {
            "sources": self.sources,
            "arrangements": self.arrangements,
            "steps": steps,
            "payments": [row for payment in self.things("payment_id") for row in self.sums(payment)],
            "transfers": [row for movement in self.things("transfer_id") for row in self.people(movement)],
        }

    def source(self, number: int) -> dict[str, str]:
        published_on = (
            self.rng.choice(PUBLISHED) if number > 1 else "2025-03-01"
        )  # two are dated, so that something is known
        basis = "stated" if published_on else "unknown"
        cells = {"kind": self.rng.choice(KINDS), "published": published_on, "published_basis": basis}
        return {"source_id": f"paper{number}", **cells}

    def arrangement(self, country: str, instrument: str) -> dict[str, str]:
        programme = "us-2019" if self.rng.random() < 0.07 else "us-2025"
        return {"arrangement_id": f"{country}-{instrument}-2025", "instrument": instrument, "programme": programme}

    def somewhere(self) -> dict[str, str]:
        return {"arrangement_id": self.rng.choice(self.arrangements)["arrangement_id"]}

    def claim(self, **cells) -> dict[str, str]:
        paper = self.rng.choice(self.sources)["source_id"]
        return {
            **{column: "" if value is None else str(value) for column, value in cells.items()},
            "source_id": paper,
            "origin_id": paper if self.rng.random() < 0.5 else self.rng.choice(self.sources)["source_id"],
            "stance": "denies" if self.rng.random() < 0.25 else "asserts",
            "basis": self.rng.choice(self.bases),
            "date": self.rng.choice(EVENTS),
            "status": "active" if self.rng.random() < 0.9 else self.rng.choice(("superseded", "withdrawn")),
            "doubtful": "true" if self.rng.random() < 0.2 else "",
        }

    def things(self, key: str) -> list[dict[str, str]]:
        """What the claims about a few payments or movements have in common; each may be part of one before it."""
        found = []
        for number in range(self.rng.randint(3, 7)):
            whole = self.rng.choice(found) if found and self.rng.random() < 0.5 else None
            place = {"arrangement_id": whole["arrangement_id"], "part_of": whole[key]} if whole else self.somewhere()
            found.append({key: f"thing-{number}", **place})
        return found

    def sums(self, payment: dict[str, str]) -> list[dict[str, str]]:
        unit, currency = self.rng.choice(PAYMENT_KINDS)
        rows = []
        for _ in range(self.rng.randint(1, 5)):
            low, high = self.rng.choice(BOUNDS)
            amount = {"amount_min": low, "amount_max": high, "currency": None if low is high is None else currency}
            rows.append(self.claim(**payment, **amount, unit=unit, stage=self.rng.choice(STAGES)))
        return rows

    def people(self, movement: dict[str, str]) -> list[dict[str, str]]:
        bounds = [self.rng.choice(BOUNDS) for _ in range(self.rng.randint(1, 5))]
        return [
            self.claim(**movement, people_min=low, people_max=high, population=self.rng.choice(POPULATIONS))
            for low, high in bounds
        ]

    def parameters(self, known: ledger.Ledger) -> Parameters:
        """The latest day or another on which something became public, and up to three origins."""
        days = sorted(day.date().isoformat() for day in known.claims["public_on"].unique())
        as_of = self.rng.choice(("latest", "latest", self.rng.choice(days)))
        return Parameters(as_of=as_of, min_origins=self.rng.choice((1, 1, 1, 1, 2, 2, 3)))


@pytest.mark.parametrize("seed", range(LEDGERS))
def test_both_routes_agree_on_small_ledgers(seed, write_ledger):
    draw = Draw(seed)
    folder = write_ledger(**draw.tables())
    parameters = draw.parameters(ledger.load(folder))
    assert recounted(folder, parameters) == published(folder, parameters), parameters
