from analysis.values.problems import LedgerError, Problem


def test_a_problem_is_one_line_and_shows_what_is_invisible():
    problem = Problem("data/steps.csv", 7, "note", "a\nb\u00a0c\td\u202e\x1b[2J\u3164", "a rule", "a fix")
    assert str(problem) == (
        'data/steps.csv:7: column "note": value "a\\nb\\xa0c\\td\\u202e\\x1b[2J\\u3164": rule: a rule; fix: a fix'
    )
    assert str(Problem("data/steps.csv", 0, "", "", "a rule", "a fix")) == "data/steps.csv: rule: a rule; fix: a fix"


def test_names_of_columns_and_fixes_are_escaped_too():
    problem = Problem("data/steps.csv", 1, "no\u200bte", "", "only the columns\x07", 'write "a\u2066b"')
    assert str(problem) == (
        'data/steps.csv:1: column "no\\u200bte": value "": rule: only the columns\\x07; fix: write "a\\u2066b"'
    )


def test_a_long_value_is_cut_and_its_length_told():
    problem = Problem("data/steps.csv", 7, "note", "x" * 200_000, "a rule", "a fix")
    value = "x" * 120 + "… (200,000 characters)"
    assert str(problem) == f'data/steps.csv:7: column "note": value "{value}": rule: a rule; fix: a fix'


def test_an_error_tells_all_its_problems_in_order():
    one, other = (Problem("data/steps.csv", line, "", "", "a rule", "a fix") for line in (2, 3))
    assert str(LedgerError([other, one])) == f"{one}\n{other}"
