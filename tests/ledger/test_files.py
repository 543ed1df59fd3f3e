"""The reader: cells as they stand in the file, the line of each row, and what cannot be read."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.ledger import files, schema

HEADER = schema.columns("arrangements")
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
ROWS = st.lists(st.lists(CELL, min_size=len(HEADER), max_size=len(HEADER)), max_size=5)


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_cells_are_read_as_they_stand_and_each_row_knows_its_line(tmp_path, rows):
    rows = [row for row in rows if "".join(row).strip()]
    texts = [",".join(HEADER), *(",".join(map(quoted, row)) for row in rows)]
    (tmp_path / "arrangements.csv").write_bytes("".join(f"{text}\n" for text in texts).encode("utf-8"))
    raw = files.read_table("arrangements", tmp_path)
    assert raw.problems == []
    assert raw.cells.to_numpy().tolist() == rows
    begins, line = [], 2
    for text in texts[1:]:
        begins.append(line)
        line += len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    assert raw.cells.index.tolist() == begins


def told(tmp_path, data):
    (tmp_path / "arrangements.csv").write_bytes(data)
    return [
        str(problem).partition("arrangements.csv")[2] for problem in files.read_table("arrangements", tmp_path).problems
    ]


def test_a_nul_is_told_where_its_row_begins(tmp_path):
    rows = [",".join(HEADER), "a,b,c,d,e,f,g", "a,b\0,c,d,e,f,g", ""]
    assert told(tmp_path, "\n".join(rows).encode()) == [":3: rule: no NUL character in a row; fix: write the row again"]


def test_a_cell_longer_than_the_csv_module_allows_is_read(tmp_path):
    long = "x" * 200_000
    (tmp_path / "arrangements.csv").write_text(",".join(HEADER) + f"\na,b,c,d,e,f,{long}\n", encoding="utf-8")
    raw = files.read_table("arrangements", tmp_path)
    assert raw.problems == []
    assert raw.cells["note"].tolist() == [long]


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "arrangements.csv").symlink_to("/proc/self/status")
    raw = files.read_table("arrangements", tmp_path)
    assert [(problem.rule, problem.fix) for problem in raw.problems] == [
        ("each table is a file of its own, not a link", "put the file itself in place of arrangements.csv")
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path):
    path = tmp_path / "arrangements.csv"
    path.write_text(",".join(HEADER) + "\n", encoding="utf-8")
    path.chmod(0)
    (problem,) = files.read_table("arrangements", tmp_path).problems
    assert problem.rule == "the file can be read (Permission denied)"
