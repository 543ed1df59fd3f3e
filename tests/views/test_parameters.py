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
            {"as_of": 20250507},
            'parameter "as_of": value "20250507": rule: latest, or a day written YYYY-MM-DD; fix: for example 2025-05-07',
        ),
        (
            {"as_of": "2025-W19-3"},
            'parameter "as_of": value "2025-W19-3": rule: latest, or a day written YYYY-MM-DD; fix: for example 2025-05-07',
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


@pytest.mark.parametrize("day", ["2025-04-30", "2025-05-02"])
def test_a_day_before_the_first_report_or_after_the_newest_is_refused(make_ledger, day):
    with pytest.raises(parameters.ParameterError) as error:
        parameters.Parameters(as_of=day).apply(make_ledger(steps=[{}]))
    assert str(error.value) == (
        f'parameter "as_of": value "{day}": rule: a day from 2025-05-01 to 2025-05-01, on which the first and the newest '
        "report read here were public; fix: such a day, or latest"
    )


@pytest.mark.parametrize("as_of", ["latest", "2025-05-01"])
def test_a_ledger_without_a_dated_claim_is_refused(make_ledger, as_of):
    sources = [{"source_id": "undated", "published": "", "published_basis": "unknown"}]
    with pytest.raises(parameters.ParameterError) as error:
        parameters.Parameters(as_of=as_of).apply(make_ledger(sources=sources, steps=[{"source_id": "undated"}]))
    assert str(error.value) == (
        f'parameter "as_of": value "{as_of}": rule: of a ledger with one claim at least that has a public day; '
        "fix: add a claim whose source or origin bears its day"
    )


def test_the_day_of_reading_moves_nothing(make_ledger):
    sources = [{"source_id": "undated", "published": "", "published_basis": "unknown", "read_on": "2026-11-21"}]
    ledger = parameters.Parameters().apply(make_ledger(sources=sources, steps=[{}, {"source_id": "undated"}]))
    assert str(ledger.as_of.date()) == "2025-05-01"
    assert len(ledger.claims) == len(ledger.undated) == 1


def test_latest_is_the_newest_day_of_the_ledger_and_never_the_clock(make_ledger):
    ledger = parameters.Parameters().apply(make_ledger(steps=[{}]))
    assert str(ledger.as_of.date()) == "2025-05-01"


def test_only_what_differs_names_an_edition():
    assert parameters.Parameters().changed() == {}
    changed = parameters.Parameters(min_origins="2", as_of="2025-05-07").changed()
    assert changed == {"as_of": "2025-05-07", "min_origins": 2}
