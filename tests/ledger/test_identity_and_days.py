"""Rules across rows: one thing keeps its identity, days follow one another, acts, readings, expectations; exact messages."""

import csv

import pytest

from analysis.ledger import checks, schema
from analysis.values import paths


def messages(folder):
    return [str(problem).replace(f"{paths.relative(folder)}/", "") for problem in checks.check(folder)]


CASES = {
    "another currency": (
        {"payments": [{}, {}, {"currency": "XAF"}]},
        'payments.csv:4: column "currency": value "XAF": rule: the same in all claims on money: USD in payments.csv:2, '
        "XAF here; fix: correct the one that is wrong, or give this claim a payment_id of its own",
    ),
    "another unit": (
        {"payments": [{"unit": "per_person"}, {}, {}]},
        'payments.csv:2: column "unit": value "per_person": rule: the same in all claims on money: lump_sum in '
        "payments.csv:3, per_person here; fix: correct the one that is wrong, or give this claim a payment_id of its own",
    ),
    "another part": (
        {"transfers": [{}, {}, {"part_of": "whole"}, {"transfer_id": "whole"}]},
        'transfers.csv:4: column "part_of": value "whole": rule: the same in all claims on flight: blank in '
        "transfers.csv:2, whole here; fix: correct the one that is wrong, or give this claim a transfer_id of its own",
    ),
    "another instrument": (
        {
            "arrangements": [
                {"arrangement_id": "rwa-removal-2025"},
                {"arrangement_id": "rwa-transit-2025", "instrument": "transit"},
            ],
            "payments": [{}, {}, {"arrangement_id": "rwa-transit-2025"}],
        },
        'payments.csv:4: column "arrangement_id": value "rwa-transit-2025": rule: the same in all claims on money: '
        "rwa-removal-2025 (removal) in payments.csv:2, rwa-transit-2025 (transit) here; "
        "fix: correct the one that is wrong, or give this claim a payment_id of its own",
    ),
    "another label of an act": (
        {"acts": [{}, {}, {"label": "a stay"}]},
        'acts.csv:4: column "label": value "a stay": rule: the same in all claims on act: an act in acts.csv:2, a stay '
        "here; fix: correct the one that is wrong, or give this claim an act_id of its own",
    ),
    "an act that is not there": (
        {"steps": [{"step": "halted", "act_id": "akt"}], "acts": [{}]},
        'steps.csv:2: column "act_id": value "akt": rule: found in acts.csv; '
        'fix: did you mean "act"? If not, add a row for it to acts.csv',
    ),
    "an act of a step that nothing stops": (
        {"steps": [{"step": "asked", "act_id": "act"}], "acts": [{}]},
        'steps.csv:2: column "act_id": value "act": rule: only for the steps halted and unclear; '
        "fix: clear it, or correct the step",
    ),
    "a jurisdiction": (
        {"acts": [{"jurisdiction": "EU"}]},
        'acts.csv:2: column "jurisdiction": value "EU": rule: an ISO 3166-1 alpha-3 code (XKX for Kosovo), UN, ECOWAS, '
        "IACHR or ACHPR",
    ),
    "a jurisdiction in other letters": (
        {"acts": [{"jurisdiction": "Ecowas"}]},
        'acts.csv:2: column "jurisdiction": value "Ecowas": rule: an ISO 3166-1 alpha-3 code (XKX for Kosovo), UN, ECOWAS, '
        'IACHR or ACHPR; fix: did you mean "ECOWAS"?',
    ),
    "a doubt without a reason": (
        {"steps": [{"doubtful": "true"}]},
        'steps.csv:2: column "note": value "": rule: a doubtful row says why; '
        "fix: write what makes it doubtful, or clear doubtful",
    ),
    "a doubt in other words": (
        {"steps": [{"doubtful": "yes"}]},
        'steps.csv:2: column "doubtful": value "yes": rule: true or blank; fix: write true, or clear it',
    ),
    "published after reading": (
        {"sources": [{"source_id": "paper", "published": "2026-05", "read_on": "2026-01-01"}], "steps": [{}]},
        'sources.csv:2: column "published": value "2026-05": rule: not after the day of reading (read_on 2026-01-01); '
        "fix: correct one of the two",
    ),
    "read after coding": (
        {"sources": [{"source_id": "paper", "read_on": "2026-01-02"}], "steps": [{}]},
        'sources.csv:2: column "read_on": value "2026-01-02": rule: not after a claim on it was coded (2026-01-01, '
        "steps.csv:2); fix: correct one of the two days",
    ),
    "the year 2999": (
        {"sources": [{"source_id": "paper", "published": "2999-01-01"}], "steps": [{}]},
        'sources.csv:2: column "published": value "2999-01-01": rule: a year from 2000 to 2035; fix: correct the year',
    ),
    "an event ten years early": (
        {"steps": [{"date": "2015-04-29"}]},
        'steps.csv:2: column "date": value "2015-04-29": rule: not more than a year before the year of its arrangement '
        "(rwa-removal-2025); fix: correct the year, or the arrangement",
    ),
    "a number beyond all bounds": (
        {"transfers": [{"people_max": "1" + "0" * 308}]},
        'transfers.csv:2: column "people_max": value "1' + "0" * 119 + '… (309 characters)": rule: at most 10,000,000; '
        "fix: count the zeros, and read the source again",
    ),
    "a zero before a number": (
        {"transfers": [{"people_min": "007"}]},
        'transfers.csv:2: column "people_min": value "007": rule: no zeros before a number; fix: write 7',
    ),
    "a currency in which nobody is paid": (
        {"payments": [{"currency": "XXX"}]},
        'payments.csv:2: column "currency": value "XXX": rule: an ISO 4217 code of money that is paid; '
        "fix: for example USD",
    ),
    "a formula": (
        {"steps": [{"note": '=HYPERLINK("http://a.b")'}]},
        'steps.csv:2: column "note": value "=HYPERLINK("http://a.b")": rule: no cell begins with =, +, - or @, which a '
        "spreadsheet takes for a formula; fix: put it in other words",
    ),
    "markup": (
        {"steps": [{"note": "so <b>bold</b>"}]},
        'steps.csv:2: column "note": value "so <b>bold</b>": rule: plain text without markup; '
        "fix: write what a reader of the page sees",
    ),
    "a bidirectional override": (
        {"steps": [{"note": "a\u202eb"}]},
        'steps.csv:2: column "note": value "a\\u202eb": rule: no invisible characters, and none that change the direction '
        'of the text; fix: write "ab"',
    ),
    "a decomposed letter": (
        {"steps": [{"note": "Male\u0301"}]},
        'steps.csv:2: column "note": value "Male\u0301": rule: letters with their accents as one character (Unicode NFC); '
        'fix: write "Malé"',
    ),
    "an address of this machine": (
        {"sources": [{"source_id": "paper", "url": "http://127.0.0.1/a"}], "steps": [{}]},
        'sources.csv:2: column "url": value "http://127.0.0.1/a": rule: an address of the World Wide Web: a public host, '
        "without user or port; fix: copy it from the browser's address line",
    ),
    "a reading of a claim that is not there": (
        {"steps": [{"claim_id": "c00001"}], "readings": [{"claim_id": "c00009"}]},
        'readings.csv:2: column "claim_id": value "c00009": rule: found in one of the claim tables; '
        "fix: clear it, or name the claim that came of it",
    ),
    "a reading of another table": (
        {
            "steps": [{"claim_id": "c00001"}],
            "readings": [{"claim_id": "c00001", "table": "payments", "code_1": "paid"}],
        },
        'readings.csv:2: column "claim_id": value "c00001": rule: a claim of the table named in table; '
        "fix: it stands in steps.csv:2: correct one of the two",
    ),
    "a reading with a code of another table": (
        {"steps": [{}], "readings": [{"code_1": "paid"}]},
        'readings.csv:2: column "code_1": value "paid": rule: one of named, asked, in_talks, willing, agreed, signed, '
        "received, declined, no_answer, halted, ended, unclear; fix: see data/CODEBOOK.md",
    ),
    "a reading of an act with no effect of the codebook": (
        {"steps": [{}], "readings": [{"table": "acts", "code_1": "asked"}]},
        'readings.csv:2: column "code_1": value "asked": rule: one of directs, allows, ',
    ),
    "a part of what went elsewhere": (
        {
            "transfers": [
                {"transfer_id": "whole"},
                {"transfer_id": "part", "part_of": "whole", "arrangement_id": "swz-removal-2025"},
            ]
        },
        'transfers.csv:3: column "part_of": value "whole": rule: of the same arrangement as its whole (rwa-removal-2025); '
        "fix: correct the part_of or the arrangement that is wrong, or clear it",
    ),
    "an event ten years before a second episode": (
        {"steps": [{"arrangement_id": "rwa-removal-2025b", "date": "2015-04-01"}]},
        'steps.csv:2: column "date": value "2015-04-01": rule: not more than a year before the year of its arrangement '
        "(rwa-removal-2025b); fix: correct the year, or the arrangement",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_does_not_fit_together_gives_one_message(write_ledger, name):
    tables, message = CASES[name]
    (found,) = messages(write_ledger(**tables))
    assert found.startswith(message)


def test_where_two_claims_differ_both_are_named(write_ledger):
    found = messages(write_ledger(payments=[{}, {"currency": "XAF"}]))
    fix = "fix: correct the one that is wrong, or give this claim a payment_id of its own"
    assert found == [
        'payments.csv:2: column "currency": value "USD": rule: the same in all claims on money: XAF in payments.csv:3, '
        f"USD here; {fix}",
        'payments.csv:3: column "currency": value "XAF": rule: the same in all claims on money: USD in payments.csv:2, '
        f"XAF here; {fix}",
    ]


def test_what_is_about_no_single_country_may_have_parts_in_many(write_ledger):
    payments = [
        {"payment_id": "whole", "arrangement_id": "any-removal-2025"},
        {"payment_id": "part", "part_of": "whole"},
    ]
    assert messages(write_ledger(payments=payments)) == []


def test_a_circle_of_parts_is_told_with_its_way(write_ledger):
    payments = [
        {"payment_id": "a", "part_of": "b"},
        {"payment_id": "b", "part_of": "c"},
        {"payment_id": "c", "part_of": "a"},
    ]
    found = messages(write_ledger(payments=payments))
    assert [message.split("rule: ")[1] for message in found] == [
        f"nothing is a part of itself: {way}; fix: correct the part_of that is wrong, or clear it"
        for way in ("a → b → c → a", "b → c → a → b", "c → a → b → c")
    ]


@pytest.mark.parametrize(
    "note", ["می‌خواهم", "क्‍ष", "São Tomé, Łódź, Malé", "«да», 「はい」", "a - b = c", "AT&T, a < b"]
)
def test_what_a_language_needs_passes(write_ledger, note):
    assert messages(write_ledger(steps=[{"note": note}])) == []


def test_superseded_rows_may_differ(write_ledger):
    payments = [{}, {}, {"currency": "XAF", "status": "superseded", "note": "Replaced by c00001."}]
    assert messages(write_ledger(payments=payments)) == []


def expect(folder, *rows):
    with (folder / "expectations.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, schema.columns(schema.EXPECTATIONS), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({"rule": "are", **row} for row in rows)


def test_expectations_that_hold_say_nothing(write_ledger):
    folder = write_ledger(payments=[{"payment_id": "a"}, {"payment_id": "b", "amount_min": "50", "amount_max": "50"}])
    place = {"table": "payments", "column": "amount_min"}
    expect(
        folder,
        {"expectation_id": "a", "where": "payment_id=a;receiver=RWA", "expected": "100", **place},
        {"expectation_id": "b", "where": "payment_id=b", "expected": "50", **place},
        {
            "expectation_id": "most",
            "where": "payment_id=a|b",
            "expected": "150",
            "rule": "at_most",
            "sum_of": "a;b",
            **place,
        },
        {"expectation_id": "none", "where": "receiver=GHA", **place},
    )
    assert messages(folder) == []


def test_an_expectation_of_at_most_is_a_number(write_ledger):
    folder = write_ledger(payments=[{}])
    place = {"table": "payments", "column": "amount_min", "rule": "at_most"}
    expect(folder, {"expectation_id": "most", "expected": "9o", **place})
    assert messages(folder) == [
        'expectations.csv:2: column "expected": value "9o": rule: one number where the rule is at_most; fix: write the number'
    ]


def test_an_expectation_of_at_most_means_some_claim(write_ledger):
    folder = write_ledger(payments=[{}])
    place = {"table": "payments", "column": "amount_min", "rule": "at_most", "where": "payment_id=mony"}
    expect(folder, {"expectation_id": "most", "expected": "90", **place})
    assert messages(folder) == [
        'expectations.csv:2: column "where": value "payment_id=mony": rule: one claim at least is meant; '
        "fix: correct the condition"
    ]


def test_an_expectation_that_does_not_hold_names_the_claims(write_ledger):
    folder = write_ledger(tallies=[{"tally_id": "nyt", "count_min": "58"}])
    expect(
        folder,
        {"expectation_id": "nyt", "table": "tallies", "where": "tally_id=nyt", "column": "count_min", "expected": "57"},
        {"expectation_id": "sum", "expected": "58", "sum_of": "nyt"},
    )
    assert messages(folder) == [
        'expectations.csv:2: column "expected": value "57": rule: what the claims say; they say 58 (tallies.csv:2); '
        "fix: correct the claim if it was coded in error, else this expectation, with a note",
        'expectations.csv:3: column "expected": value "58": rule: the sum of nyt, which is 57; fix: correct one of them',
    ]
