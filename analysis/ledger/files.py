"""The only reader of the ledger's CSV files: cells as text, with the line each row begins on, and what cannot be read.

What belongs elsewhere: judging the cells (``cell_checks``, ``checks``), giving them types (``loading``). The cells are
read as text, so that no spreadsheet rule (dates, ``NA`` for Namibia, thousands) can change one on the way in.

Typical use::

    steps = read_table("steps")
    steps.cells["step"]  # a Series of text by line of the file
    steps.problems  # why the file cannot be read, or only in part
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.ledger import schema
from analysis.values import paths
from analysis.values.problems import LedgerError, Problem

__all__ = ["LedgerError", "Problem", "RawTable", "read_all", "read_older", "read_table", "records"]


def _no_cells() -> pd.DataFrame:
    return pd.DataFrame(dtype="object", index=pd.Index([], dtype="int64", name="line"))


@dataclass
class RawTable:
    """The cells of one file as text.

    ``cells`` has a column for each name in ``header`` and a row for each whole row of the file; its index is the line on
    which the row begins. ``torn`` holds the cells of rows that could not be taken apart: identifiers in them are in the
    file, if not in place.
    """

    table: str
    file: str
    header: list[str] = field(default_factory=list)
    cells: pd.DataFrame = field(default_factory=_no_cells)
    problems: list[Problem] = field(default_factory=list)
    torn: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.cells)

    def wrong(self, line: int, rule: str, fix: str, column: str = "", value: str = "") -> None:
        """Add a :class:`Problem` of this file."""
        self.problems.append(Problem(self.file, int(line), column, value, rule, fix))


def read_table(table: str, folder: str | Path = paths.DATA) -> RawTable:
    """Read one table as text. What makes a file unreadable, as a whole or in part, is in the result's ``problems``.

    A byte order mark and CRLF line ends, both of which spreadsheets write, are accepted.
    """
    path = Path(folder) / f"{table}.csv"
    raw = RawTable(table, paths.relative(path))
    if path.is_symlink():
        raw.wrong(0, "each table is a file of its own, not a link", f"put the file itself in place of {path.name}")
    elif not path.is_file():
        rule = "each table of the codebook is a file"
        raw.wrong(0, rule, f"put {path.name} back, with its header at least")
    else:
        try:
            data = path.read_bytes().removeprefix(codecs.BOM_UTF8)
        except OSError as error:
            raw.wrong(0, f"the file can be read ({error.strerror})", "give yourself leave to read it")
            return raw
        if _is_text(data, raw):
            _take_apart(data, raw)
    return raw


def read_older(table: str, folder: str | Path) -> RawTable:
    """A table of an older revision: where it came later it has no rows, and a column that came later is blank."""
    path = Path(folder) / f"{table}.csv"
    if table in schema.CAME_LATER and not path.exists():
        header = schema.columns(table)
        return RawTable(table, paths.relative(path), header, _no_cells().reindex(columns=header))
    raw = read_table(table, folder)
    for column, spec in schema.fields(table).items():
        if raw.header and column not in raw.header and not spec.get("constraints", {}).get("required"):
            raw.header.append(column)
            raw.cells[column] = ""
            raw.problems = [problem for problem in raw.problems if problem.column != column]
    return raw


def read_all(folder: str | Path = paths.DATA) -> dict[str, RawTable]:
    """Table → :class:`RawTable` of all tables, in the order of the codebook; of the expectations where there are any."""
    more = [schema.EXPECTATIONS] if (Path(folder) / f"{schema.EXPECTATIONS}.csv").exists() else []
    return {table: read_table(table, folder) for table in (*schema.FILES, *more)}


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dicts by column."""
    return [{str(column): value for column, value in row.items()} for row in frame.to_dict("records")]


def _is_text(data: bytes, raw: RawTable) -> bool:
    if not data.strip():
        raw.wrong(0, "a table has a header line", "the file is empty: restore it, or write the header of the codebook")
    elif data[:2] == b"PK":
        raw.wrong(1, "files are CSV", "this is a spreadsheet saved under a CSV name: export it as CSV UTF-8")
    elif data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or data[:200].count(0) > 20:
        raw.wrong(1, "files are UTF-8", "this one is UTF-16: save it again as CSV UTF-8")
    elif data.lstrip()[:1] == b"<" and re.search(rb"<html|<!doctype", data[:2000].lower()):
        raw.wrong(1, "files are CSV", "this is a web page saved under a CSV name: download the file itself")
    else:
        try:
            data.decode("utf-8")
            return True
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            fix = f"byte 0x{data[error.start]:02x} is not UTF-8: save it again as CSV UTF-8"
            raw.wrong(line, "files are UTF-8", fix)
    return False


def _lines(data: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")


def _take_apart(data: bytes, raw: RawTable) -> None:
    first = next(_lines(data))
    if "," not in first and (";" in first or "\t" in first):
        mark = "semicolons" if ";" in first else "tabs"
        fix = f"this file uses {mark}: export it as comma-separated CSV UTF-8"
        raw.wrong(1, "cells are separated by commas", fix)
        return
    lines: list[int] = []
    rows = list(_rows(data, raw, lines))
    raw.cells = pd.DataFrame(
        rows, columns=raw.header, index=pd.Index(lines, dtype="int64", name="line"), dtype="object"
    )
    if raw.header:
        _check_header(raw)


def _check_header(raw: RawTable) -> None:
    expected = schema.columns(raw.table)
    for column in dict.fromkeys(raw.header):
        if raw.header.count(column) > 1:
            raw.wrong(1, "a column appears once", "remove the second one", column, column)
        elif not column.strip():
            raw.wrong(1, "every column has a name", "delete the column without a name, or the comma that makes it")
        elif column not in expected:
            fix = f"remove or rename it; known: {', '.join(expected)}"
            raw.wrong(1, "only the columns of the codebook", fix, column, column)
    for column in expected:
        if column not in raw.header:
            raw.wrong(1, "every column of the codebook is there", "add it, blank where nothing is reported", column)


def _rows(data: bytes, raw: RawTable, lines: list[int]) -> Iterator[list[str]]:
    """Each whole row after the header. The line it begins on goes to ``lines``, the header and what is torn to ``raw``."""
    line = 1
    limit = csv.field_size_limit(len(data) + 1)  # a cell that is too long is for ``cell_checks`` to name, in its place
    try:
        reader = csv.reader(_lines(data), strict=True)
        raw.header = next(reader)
        line = reader.line_num + 1
        for row in reader:
            if not any(cell.strip() for cell in row):
                raw.wrong(line, "no empty rows", "delete the row")
            elif len(row) != len(raw.header):
                _ragged(row, line, raw)
            elif any("\0" in cell for cell in row):  # at which others cut a text off, so that two seem one
                raw.wrong(line, "no NUL character in a row", "write the row again")
                raw.torn.update(row)
            else:
                lines.append(line)
                yield row
            line = reader.line_num + 1
    except csv.Error as error:
        # The reader notices at the next quote or at the end of the file; the curator looks where the row begins.
        fix = 'close the quote in the row that begins here, and double a quote inside a cell ("")'
        raw.wrong(line, f"quotes are balanced ({error})", fix)
        raw.torn.update(re.split(r'[",\r\n]+', "".join(islice(_lines(data), line - 1, None))))
    finally:
        csv.field_size_limit(limit)


def _ragged(row: list[str], line: int, raw: RawTable) -> None:
    counted = f"this row has {len(row)} cells, the header {len(raw.header)}"
    mend = "put quotes around a cell that holds a comma" if len(row) > len(raw.header) else "add the missing commas"
    raw.wrong(line, "every row has as many cells as the header", f"{counted}: {mend}")
    raw.torn.update(row)
