import sys
from types import SimpleNamespace

import pytest

from analysis.views import parameters


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"as_off": "latest"}, 'parameter "as_off": rule: a known name; fix: did you mean "as_of"?'),
        (
            {"xyz": "red"},
            'parameter "xyz": rule: a known name; fix: known: as_of, region_scheme, programme, min_origins, country',
        ),
        (
            {"as_of": "7 May 2025"},
            'parameter "as_of": value "7 May 2025": rule: latest, or a day written YYYY-MM-DD; '
            "fix: for example 2025-05-07",
        ),
        (
            {"region_scheme": "un_m49_regions"},
            'parameter "region_scheme": value "un_m49_regions": '
            'rule: one of un_m49_region, un_m49_subregion, world_bank_region; fix: did you mean "un_m49_region"?',
        ),
        (
            {"programme": "uk"},
            'parameter "programme": value "uk": rule: one of us-2025, us-2019, uk-rwanda-2022, us-self-departure; '
            'fix: for example "us-2025"',
        ),
        (
            {"min_origins": 0},
            'parameter "min_origins": value "0": rule: a whole number of independent origins, 1 or more; '
            "fix: for example 2",
        ),
        (
            {"country": "Rwnda"},
            'parameter "country": value "Rwnda": rule: an ISO 3166-1 alpha-3 code, XKX for Kosovo; '
            'fix: did you mean "RWA" (Rwanda)?',
        ),
    ],
)
def test_a_bad_parameter_is_refused_with_rule_and_fix(values, message):
    with pytest.raises(parameters.ParameterError) as error:
        parameters.build(values)
    assert str(error.value) == message


def test_a_day_before_the_ledger_begins_is_refused(make_ledger):
    with pytest.raises(parameters.ParameterError) as error:
        parameters.Parameters(as_of="2025-04-30").apply(make_ledger(steps=[{}]))
    assert str(error.value) == (
        'parameter "as_of": value "2025-04-30": '
        "rule: not before the first day the ledger knows of, 2025-05-01; fix: a later day"
    )


def test_latest_is_the_newest_day_of_the_ledger_and_never_the_clock(make_ledger):
    book = parameters.Parameters().apply(make_ledger(steps=[{}]))
    assert str(book.as_of.date()) == "2025-05-01"


def test_only_what_differs_names_an_edition():
    assert parameters.Parameters().changed() == {}
    changed = parameters.Parameters(min_origins="2", as_of="2025-05-07").changed()
    assert changed == {"as_of": "2025-05-07", "min_origins": 2}


def test_in_a_notebook_a_name_in_another_spelling_is_refused_and_not_ignored(monkeypatch):
    shell = SimpleNamespace(user_ns={"AS_OF": "2025-05-07", "as_of": "latest", "In": []})
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    with pytest.raises(parameters.ParameterError) as error:
        parameters.Parameters(as_of="latest")
    assert str(error.value) == (
        'parameter "AS_OF": value "2025-05-07": rule: a name as the notebook has it; fix: write "as_of"'
    )
