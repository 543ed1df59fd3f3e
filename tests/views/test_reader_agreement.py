import math

import pandas as pd
import pytest

from analysis import ledger
from analysis.views import reader_agreement


def test_kappa_of_a_known_table():
    # Cohen's two-by-two example: 20 and 15 agreements, 5 and 10 disagreements of 50, kappa 0.4.
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert reader_agreement.cohens_kappa(first, second) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("first", "second", "kappa"), [(["a", "b"], ["a", "b"], 1), (["a", "b"], ["b", "a"], -1), (["a"], ["a"], 1)]
)
def test_kappa_at_its_ends(first, second, kappa):
    assert reader_agreement.cohens_kappa(first, second) == kappa


def test_kappa_of_nothing_is_missing():
    assert math.isnan(reader_agreement.cohens_kappa([], []))


def test_what_only_one_reader_coded_is_counted_apart():
    columns = ["table", "code_1", "code_2", "stance_1", "stance_2", "date_1", "date_2", "number_1", "number_2"]
    rows = [
        ["steps", "asked", "asked", "asserts", "asserts", "2025", "2025", "", ""],
        ["steps", "asked", "", "asserts", "", "2025", "", "", ""],
        ["payments", "paid", "paid", "asserts", "asserts", "2025", "2025-01", "1/1", "1/1"],
    ]
    table = reader_agreement.summary(pd.DataFrame(rows, columns=columns)).set_index("measure")
    assert table[["agree", "of"]].to_numpy().tolist() == [[1, 1], [1, 1], [2, 2], [1, 1], [1, 2], [1, 3], [0, 3]]


def test_at_least_forty_sources_were_coded_twice():
    readings = ledger.load().readings
    assert readings["source_id"].nunique() >= 40
    assert reader_agreement.summary(readings).set_index("measure").loc["step", "kappa"] > 0.8
