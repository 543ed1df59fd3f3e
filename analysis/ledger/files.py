"""The only reader of the ledger's CSV files: cells as text, with the line each row begins on, and what cannot be read.

What belongs elsewhere: judging the cells (``cells``, ``checks``), giving them types (``ledger``). The cells are read
as text, so that no spreadsheet rule (dates, ``NA`` for Namibia, thousands) can change one on the way in.
"""

import codecs
import csv
import io
import re
from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count, islice, repeat
from pathlib import Path

import numpy as np

from analysis.ledger import schema
from analysis.values import paths

LARGE = 1_000_000  # bytes of a file from which on it pays to try pandas
TOGETHER = 100  # rows turned into columns at a time: few enough to stay in the processor's cache


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with the ledger: where, what is there, which rule it breaks, how to mend it."""

    file: str
    line: int
    column: str
    value: str
    rule: str
    fix: str

    def __str__(self):
        where = f"{self.file}:{self.line}" if self.line else self.file
        # One problem is one line, and a space that is none shows: line breaks and special spaces are escaped.
        value = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in self.value)
        what = f'column "{self.column}": value "{value}": ' if self.column else ""
        return f"{where}: {what}rule: {self.rule}; fix: {self.fix}"


class LedgerError(Exception):
    """The ledger cannot be read. ``problems`` has one :class:`Problem` for each reason."""

    def __init__(self, problems):
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Column:
    """The cells of one column: its distinct ``values``, and ``codes``, for each row the place of its value among them.

    A ledger of a million claims has few distinct dates and codes: what is asked of a value is asked once.
    """

    values: list
    codes: np.ndarray

    def __getitem__(self, row):
        return self.values[self.codes[row]]

    def __len__(self):
        return len(self.codes)

    @cached_property
    def places(self):
        """Distinct value → its place among them."""
        return {value: place for place, value in enumerate(self.values)}

    def each(self, function, dtype=bool):
        """``function`` of the value in each row, as an array; it is called once for each distinct value."""
        return np.array(list(map(function, self.values)), dtype)[self.codes]

    def found_in(self, other):
        """For each row the place of its value among the distinct values of ``other``; -1 where it is not among them."""
        return np.array(list(map(other.places.get, self.values, repeat(-1))), "int64")[self.codes]

    @cached_property
    def first_rows(self):
        """For each distinct value the first row that has it."""
        return np.unique(self.codes, return_index=True)[1]


@dataclass
class Raw:
    """The cells of one file as text: ``header``, one :class:`Column` for each name in it, the line each row begins on.

    ``torn`` holds the cells of rows that could not be taken apart: identifiers in them are there, if not in place.
    """

    table: str
    file: str
    header: list = field(default_factory=list)
    columns: list = field(default_factory=list)
    lines: np.ndarray = field(default_factory=lambda: np.array([], "int64"))
    problems: list = field(default_factory=list)
    torn: set = field(default_factory=set)

    def __len__(self):
        return len(self.lines)

    def __getitem__(self, name):
        return self.columns[self.header.index(name)]

    def wrong(self, line, rule, fix, column="", value=""):
        self.problems.append(Problem(self.file, int(line), column, value, rule, fix))


def read_raw(table, folder=paths.DATA):
    """Read one table as text. What makes a file unreadable as a whole is listed in the result's ``problems``.

    A byte order mark and CRLF line ends, both of which spreadsheets write, are accepted.
    """
    path = Path(folder) / f"{table}.csv"
    raw = Raw(table, paths.relative(path))
    if not path.is_file():
        raw.wrong(0, "each of the six tables is a file", f"put {path.name} back, with its header at least")
        return raw
    data = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    if _is_text(data, raw):
        _split(data, raw)
    return raw


def read_all(folder=paths.DATA):
    """Table → :class:`Raw` of the six tables, and of readings.csv where it is there, in the order of the codebook."""
    more = [schema.READINGS] if (Path(folder) / f"{schema.READINGS}.csv").exists() else []
    return {table: read_raw(table, folder) for table in (*schema.TABLES, *more)}


def _is_text(data, raw):
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
            raw.wrong(
                line, "files are UTF-8", f"byte 0x{data[error.start]:02x} is not UTF-8: save it again as CSV UTF-8"
            )
    return False


def _lines(data):
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")


def _split(data, raw):
    expected = schema.columns(raw.table)
    first = next(_lines(data))
    if "," not in first and (";" in first or "\t" in first):
        mark = "semicolons" if ";" in first else "tabs"
        raw.wrong(1, "cells are separated by commas", f"this file uses {mark}: export it as comma-separated CSV UTF-8")
        return
    if not (len(data) > LARGE and _at_once(data, raw)):
        lines = array("q")
        rows = _rows(data, raw, lines)
        if (header := next(rows, None)) is None:
            return
        raw.header = header
        raw.columns = _columns(rows, header)
        raw.lines = np.frombuffer(lines, "int64")
    for column in dict.fromkeys(raw.header):
        if raw.header.count(column) > 1:
            raw.wrong(1, "a column appears once", "remove the second one", column, column)
        elif not column.strip():
            raw.wrong(1, "every column has a name", "delete the column without a name, or the comma that makes it")
        elif column not in expected:
            raw.wrong(
                1,
                "only the columns of the codebook",
                f"remove or rename it; known: {', '.join(expected)}",
                column,
                column,
            )
    for column in expected:
        if column not in raw.header:
            raw.wrong(1, "every column of the codebook is there", "add it, blank where nothing is reported", column, "")


def _at_once(data, raw):
    """Read a file by the parser of pandas, where it cannot read anything else into it; whether it did.

    That is: as many cells in each row as in the header, the first not blank; quotes around whole cells, and doubled within
    them; no line ends but line feeds. Of any other file it is for the reader by rows to say what is wrong.
    """
    import pandas as pd  # which a small ledger can do without

    data += b"" if data.endswith(b"\n") else b"\n"
    text = np.frombuffer(data, "uint8")
    feed, comma, quote = (text == ord(mark) for mark in '\n,"')
    opening, closing = (np.flatnonzero(quote)[side::2] for side in (0, 1))
    inside = np.bitwise_xor.accumulate(quote.view("uint8")).view(bool)
    borders = np.flatnonzero((feed | comma) & ~inside)
    ends = borders[feed[borders]]
    width = np.searchsorted(borders, ends[0], side="right") if len(ends) else 0
    beside = text[np.concatenate([opening - 1, closing + 1])]
    if not (
        len(opening) == len(closing)
        and len(ends) > 1
        and np.isin(beside, list(b'\n,"')).all()
        and np.array_equal(borders[width - 1 :: width], ends)
        and not (b"\r" in data or b"\0" in data)
    ):
        return False
    options = {"header": None, "index_col": False, "na_filter": False, "skip_blank_lines": False, "low_memory": False}
    frame = pd.read_csv(io.BytesIO(data), dtype=object, **options)
    columns = [Column(values.tolist(), codes) for codes, values in map(pd.factorize, frame.iloc[1:].to_numpy().T)]
    if not all(map(str.strip, columns[0].values)):
        return False
    raw.header = next(csv.reader(_lines(data)))
    raw.columns = columns
    raw.lines = np.searchsorted(np.flatnonzero(feed), ends[:-1], side="right") + 1
    return True


def _rows(data, raw, lines):
    """The header, then each whole row; the line it begins on goes to ``lines``, what is no whole row to ``raw``."""
    reader = csv.reader(_lines(data), strict=True)
    line = 1
    try:
        header = next(reader)
        yield header
        line = reader.line_num + 1
        for row in reader:
            if not any(map(str.strip, row)):
                raw.wrong(line, "no empty rows", "delete the row")
            elif len(row) != len(header):
                _ragged(row, line, raw)
            else:
                lines.append(line)
                yield row
            line = reader.line_num + 1
    except csv.Error as error:
        # The reader notices at the next quote or at the end of the file; the curator looks where the row begins.
        fix = 'close the quote in the row that begins here, and double a quote inside a cell ("")'
        raw.wrong(line, f"quotes are balanced ({error})", fix)
        raw.torn.update(re.split(r'[",\r\n]+', "".join(islice(_lines(data), line - 1, None))))


def _ragged(row, line, raw):
    counted = f"this row has {len(row)} cells, the header {len(raw.header)}"
    mend = "put quotes around a cell that holds a comma" if len(row) > len(raw.header) else "add the missing commas"
    raw.wrong(line, "every row has as many cells as the header", f"{counted}: {mend}")
    raw.torn.update(row)


def _columns(rows, header):
    # A value not met before gets the next number; of equal cells only the first stays in memory.
    numbers, codes = [defaultdict(count().__next__) for _ in header], [array("i") for _ in header]
    while taken := list(islice(rows, TOGETHER)):
        for cells, number, places in zip(zip(*taken, strict=True), numbers, codes, strict=True):
            places.extend(map(number.__getitem__, cells))
    return [Column(list(n), np.frombuffer(c, "int32")) for n, c in zip(numbers, codes, strict=True)]
