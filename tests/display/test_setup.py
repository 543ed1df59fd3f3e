"""What every notebook begins with."""

import sys
from types import SimpleNamespace

import pytest

from analysis import ledger as ledger_package
from analysis.display import setup
from analysis.views.parameters import ParameterError


@pytest.fixture
def tiny(make_ledger, monkeypatch):
    sources = [{"source_id": "late", "published": "2025-06-01"}]
    steps = [{}, {"arrangement_id": "swz-removal-2025", "source_id": "late"}]
    made = make_ledger(sources=sources, steps=steps)
    monkeypatch.setattr(ledger_package, "load", lambda: made, raising=False)


@pytest.mark.usefixtures("tiny")
def test_a_day_and_a_country_leave_what_concerns_them():
    known, parameters, source = setup.set_up(as_of="2025-05-01")
    assert known.steps["receiver"].to_list() == ["RWA"]
    assert parameters.as_of == "2025-05-01"
    assert "1 May 2025" in source
    assert setup.set_up(country="SWZ").ledger.steps["receiver"].to_list() == ["SWZ"]


@pytest.mark.usefixtures("tiny")
def test_a_misspelt_parameter_is_refused_with_the_likely_one():
    with pytest.raises(ParameterError, match='parameter "as_off": rule: a known name; fix: did you mean "as_of"'):
        setup.set_up(as_off="latest")


@pytest.mark.usefixtures("tiny")
def test_a_notebook_has_notes_only_if_it_asks_for_them():
    for name in ("steps", "payments", "sources", "arrangements", "undated"):
        assert "note" not in getattr(setup.set_up().ledger, name)
        assert "note" in getattr(setup.set_up(notes=True).ledger, name)
    assert "coded_on" not in setup.set_up().ledger.claims
    assert {"wording", "checked_on"} <= set(setup.set_up().ledger.claims)


@pytest.mark.usefixtures("tiny")
def test_a_parameter_in_another_spelling_is_refused_and_not_ignored(monkeypatch):
    shell = SimpleNamespace(user_ns={"AS_OF": "2025-05-07", "as_of": "latest", "In": []})
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    with pytest.raises(ParameterError) as error:
        setup.set_up(as_of="latest")
    assert str(error.value) == (
        'parameter "AS_OF": value "2025-05-07": rule: a name as the notebook has it; fix: write "as_of"'
    )
