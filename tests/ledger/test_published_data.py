"""The ledger itself: what must hold of the views whatever a curator adds or corrects.

Facts that it must go on saying stand in data/expectations.csv, and ``make check`` reads them.
"""

import pytest

from analysis import ledger
from analysis.views import positions, scope, tallies
from analysis.views.parameters import Parameters

ONE = Parameters()


@pytest.fixture(scope="module")
def book():
    return ONE.apply(ledger.load())


@pytest.mark.parametrize("day", ["2025-04-02", "2025-05-07", "2025-06-25", "2025-12-31"])
def test_an_edition_of_a_day_knows_nothing_later(book, day):
    then = book.known(day)
    assert (then.claims["public_on"] <= then.as_of).all()
    later = positions.by_country(book, ONE)
    assert set(positions.by_country(then, ONE)["receiver"]) <= set(later["receiver"])
    assert (tallies.reconcile(then, ONE)["first_public_on"] <= then.as_of).all()


def test_scope_leaves_out_own_nationals_and_other_programmes(book):
    names = set(book.steps.loc[scope.in_scope(book.steps, "us-2025"), "arrangement_id"])
    assert not [name for name in names if "own_nationals" in name or name.startswith("any-")]
    assert "rwa-removal-2022" not in names
