"""Agreement of two readers, with both of its sides."""

import math

import pandas as pd
import pytest

from analysis.views import reader_agreement


def test_kappa_of_a_known_table():
    # Cohen's two-by-two example: 20 and 15 agreements, 5 and 10 disagreements of 50, kappa 0.4.
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert reader_agreement.cohens_kappa(first, second) == pytest.approx(0.4)


@pytest.mark.parametrize(("first", "second", "kappa"), [(["a", "b"], ["a", "b"], 1), (["a", "b"], ["b", "a"], -1)])
def test_kappa_at_its_ends(first, second, kappa):
    assert reader_agreement.cohens_kappa(first, second) == kappa


@pytest.mark.parametrize("codes", [[], ["a"], ["a", "a", "a"]], ids=["nothing", "one fact", "one code only"])
def test_kappa_is_missing_where_it_is_undefined(codes):
    assert math.isnan(reader_agreement.cohens_kappa(codes, codes))


def test_what_only_one_reader_coded_is_counted_apart():
    columns = ["table", "code_1", "code_2", "stance_1", "stance_2", "date_1", "date_2", "number_1", "number_2"]
    rows = [
        ["steps", "asked", "asked", "asserts", "asserts", "2025", "2025", "", ""],
        ["steps", "asked", "", "asserts", "", "2025", "", "", ""],
        ["payments", "paid", "paid", "asserts", "asserts", "2025", "2025-01", "1/1", "1/1"],
    ]
    table = reader_agreement.summary(pd.DataFrame(rows, columns=columns)).set_index("measure")
    assert table[["agree", "of"]].apply(tuple, axis=1).to_dict() == {
        "step": (1, 1),
        "stage of a payment": (1, 1),
        "stance": (2, 2),
        "amount": (1, 1),
        "date": (1, 2),
        "found by both readers, of all facts that either coded": (2, 3),
    }
    assert table["kappa"].isna().all()
