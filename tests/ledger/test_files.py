"""Large files are read by another parser than small ones: whatever is in a file, both must say the same of it."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analysis.ledger import files, schema

HEADER = schema.columns("arrangements")
CELL = st.sampled_from(["", "a", "b c", " ", '"x,y"', '"x""y"', '"two\nlines"', '""', "é", "NA", "1.50", "\ufeff"])
ODD = st.sampled_from(['"', '"a" ', 'a"b', '"a"b', "a,b", "\r", "\r\n", "\n", "\0", "\x1f", '\n"', ",,,,,,\n", "\n\n"])


@st.composite
def tables(draw):
    """The text of a file: rows of cells, mostly as they should be, and here and there something that should not be."""
    rows = draw(st.lists(st.lists(CELL, min_size=len(HEADER), max_size=len(HEADER)), max_size=5))
    text = "".join(",".join(row) + "\n" for row in [HEADER, *rows])
    for odd in draw(st.lists(ODD, max_size=2)):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + odd + text[place:]
    return text if draw(st.booleans()) else text.rstrip("\n")


def read(folder, large):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "LARGE", large)
        raw = files.read_raw("arrangements", folder)
    cells = [[column[row] for row in range(len(column))] for column in raw.columns]
    return raw.header, cells, raw.lines.tolist(), raw.problems, raw.torn


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables())
@example(",".join(HEADER) + "\n" + 'a,b,"c,\nd","e""",f,g,\n')
@example(",".join(HEADER) + "\n" + ",,,,,,\n")
def test_a_large_file_is_read_as_a_small_one(tmp_path, text):
    (tmp_path / "arrangements.csv").write_bytes(text.encode("utf-8"))
    assert read(tmp_path, large=-1) == read(tmp_path, large=10**9)


@pytest.mark.parametrize(
    ("row", "taken"),
    [
        ("a,b,c,d,e,f,g", True),
        ('a,"b,b","c""c","d\nd",,"",g', True),
        ('a,"b" ,c,d,e,f,g', False),
        ('a,b"b,c,d,e,f,g', False),
        ("a,b,c,d,e,f", False),
        ("a,b,c,d,e,f,g,h", False),
        (" ,b,c,d,e,f,g", False),
        ("a,b,c,d,e,f,g\r", False),
        ("a,b,c,d,e,f,\0", False),
        ("", False),
        ('a,b,c,d,e,f,"g', False),
    ],
)
def test_what_is_not_plain_is_left_to_the_reader_by_rows(tmp_path, row, taken):
    text = ",".join(HEADER) + f"\n{row}\n"
    assert files._at_once(text.encode("utf-8"), files.Raw("arrangements", "arrangements.csv")) == taken
