"""One report in a sentence."""

import pandas as pd
import pytest

from analysis.display import reported
from analysis.ledger import schema
from analysis.views import acts

CLAIM = {
    "stance": "asserts",
    "origin_publisher": "A Paper",
    "origin_kind": "news",
    "basis": "official_named",
    "step": "agreed",
}


def test_a_report_says_who_reports_what():
    assert reported.speaker(CLAIM) == "A Paper"
    assert reported.predicate(CLAIM, "Rwanda") == "reports that Rwanda agreed to take people"


def test_a_denial_is_that_of_whoever_spoke():
    denial = CLAIM | {"stance": "denies", "step": "received"}
    assert reported.speaker(denial).endswith("named official, in A Paper,")
    assert reported.predicate(denial, "Palau") == "denies that people arrived in Palau"
    assert reported.speaker(denial | {"origin_kind": "government"}) == "A Paper"


def test_what_stands_in_a_courts_record_is_not_said_by_the_court():
    record = CLAIM | {"origin_publisher": "District Court", "origin_kind": "court", "basis": "court", "step": "willing"}
    assert reported.speaker(record) == "A court document (District Court)"
    assert reported.predicate(record, "Palau") == "says that Palau is willing to take people"
    denial = record | {"stance": "denies"}
    assert reported.speaker(denial) == "A court document (District Court)"
    assert reported.predicate(denial, "Palau") == "says that Palau is not willing to take people"


def test_no_words_are_put_into_the_mouth_of_a_list_or_of_what_fits_no_step():
    assert reported.predicate(CLAIM | {"step": "named"}, "Palau") == "names Palau"
    unclear = reported.predicate(CLAIM | {"step": "unclear"}, "Palau")
    assert unclear == "reports something about Palau that fits no step"


def test_a_step_that_is_not_about_removals_at_large_says_so():
    claim = CLAIM | {"instrument": "single_case", "stance": "denies", "basis": "reporting"}
    assert (
        reported.predicate(claim, "Ghana") == "reports that Ghana has not agreed to take people (one person or family)"
    )
    assert reported.predicate(CLAIM | {"instrument": "removal"}, "Ghana") == "reports that Ghana agreed to take people"


POSITION = {"furthest_step": "willing", "also_reported": "declined; unclear", "since": ""}


def test_where_a_country_stands_tells_refusals_and_who_denies_what():
    refused = ["declined (removal), 5 Dec 2024"]
    assert reported.standing("the Palau Islands", POSITION, "", "", "A Paper denies it.", refused=refused) == (
        "The Palau Islands is reported to be willing to take people; no report that counts here says that it agreed. "
        "Also reported: declined (removal), 5 Dec 2024. A Paper denies it."
    )
    since = reported.standing("Palau", POSITION | {"since": "declined"}, "", "")
    assert since.endswith("says that it agreed (declined since).")


@pytest.mark.parametrize("step", schema.codes("steps", "step"))
def test_an_outlet_that_finds_that_it_is_not_so_reports_that(step):
    own_voice = CLAIM | {"stance": "denies", "step": step, "basis": "reporting"}
    assert reported.speaker(own_voice) == "A Paper"
    assert reported.predicate(own_voice, "Palau").startswith("reports that ")
    assert step in reported.NOT


@pytest.mark.parametrize("step", schema.codes("steps", "step"))
def test_every_step_has_a_sentence(step):
    assert "Rwanda" in reported.predicate(CLAIM | {"step": step}, "Rwanda")
    assert step in reported.STEPS


def test_money_and_people_are_reported_with_stage_and_kind():
    common = {"stance": "asserts", "origin_publisher": "A Paper"}
    money = {
        "payment_id": "m",
        "stage": "paid",
        "amount_min": 100.0,
        "amount_max": 100.0,
        "currency": "USD",
        "unit": "lump_sum",
    }
    assert reported.predicate(common | money, "Rwanda") == "reports that USD 100 was paid"
    people = {"transfer_id": "t", "population": "cap", "people_min": float("nan"), "people_max": 250.0, "part_of": ""}
    assert reported.predicate(common | people, "Rwanda") == "reports that Rwanda would take up to 250 people"
    one = people | {"people_max": 1.0}
    assert reported.predicate(common | one, "Rwanda") == "reports that Rwanda would take up to 1 person"
    moved = one | {"population": "third_country"}
    assert reported.predicate(common | moved, "Rwanda") == "reports that up to 1 person was sent to Rwanda"
    part = moved | {"people_max": 137.0, "part_of": "whole", "nationalities": "VEN;CUB"}
    assert reported.predicate(common | part, "Rwanda") == (
        "reports that up to 137 people were sent to Rwanda, citizens of Venezuela or Cuba and part of a larger number"
    )
    nobody = people | {"people_max": float("nan")}
    assert reported.predicate(common | nobody, "Rwanda") == "reports that Rwanda would take people (number not given)"


def test_what_acts_do_is_counted_without_a_direction_that_is_not_coded():
    rows = pd.DataFrame({"effect": ["stays", "filed", "forbids", "forbids", "lifts", "allows"]})
    rows = rows.assign(support=["one_origin"] * 5 + ["doubtful"])
    words = "2 forbid something, 1 pauses an earlier act, 1 ends an earlier act or pause, 1 does none of this and 1 is doubtful"
    assert reported.effects(rows) == words
    assert reported.effects(rows[1:2]) == "none forbids or allows anything"


def test_all_acts_of_the_newest_day_are_named_decisions_before_filings():
    day = pd.Timestamp("2026-09-29")
    rows = pd.DataFrame(
        {
            "effect": ["filed", "stays", "allows"],
            "label": ["Appeal filed", "Court pauses", "Older"],
            "support": ["several_origins", "digests_only", "several_origins"],
            "date_latest": [day, pd.NaT, pd.Timestamp("2026-01-01")],
            "first_public_on": [day, day, day],
        }
    )
    newest = reported.newest(acts.newest(rows))
    assert newest == "The newest, by 29 Sep 2026: Court pauses (digests only); Appeal filed."
    assert reported.newest(rows[:0]) == ""
