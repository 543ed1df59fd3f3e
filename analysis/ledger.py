"""The only reader of the ledger's CSV files: raw cells with the line each came from, and typed, joined tables.

What belongs elsewhere: judging the cells (``checks``), counting them (the views). The cells are read as text first,
so that no spreadsheet rule (dates, ``NA`` for Namibia, thousands) can change one on the way in.
"""

import codecs
import csv
import hashlib
import io
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from analysis import codebook, dates, paths

RECEIVING = ("arrangements", "steps", "payments", "transfers")  # tables with a receiver in each row


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


@dataclass
class Raw:
    """The cells of one file as text: ``header``, ``rows`` and for each row the line on which it begins.

    ``torn`` holds the cells of rows that could not be taken apart: identifiers in them are there, if not in place.
    """

    table: str
    file: str
    header: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    torn: set = field(default_factory=set)

    def wrong(self, line, rule, fix, column="", value=""):
        self.problems.append(Problem(self.file, line, column, value, rule, fix))

    def records(self):
        """The rows as dicts by column, each with its line under ``line``."""
        return [
            dict(zip(self.header, row, strict=True), line=line) for row, line in zip(self.rows, self.lines, strict=True)
        ]


def read_raw(table, folder=paths.DATA):
    """Read one table as text. What makes a file unreadable as a whole is listed in the result's ``problems``.

    A byte order mark and CRLF line ends, both of which spreadsheets write, are accepted.
    """
    path = Path(folder) / f"{table}.csv"
    raw = Raw(table, paths.relative(path))
    if not path.is_file():
        raw.wrong(0, "each of the six tables is a file", f"put {path.name} back, with its header at least")
        return raw
    text = _decode(path.read_bytes(), raw)
    if text is not None:
        _split(text, raw)
    return raw


def _decode(data, raw):
    data = data.removeprefix(codecs.BOM_UTF8)
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
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raw.wrong(
                line, "files are UTF-8", f"byte 0x{data[error.start]:02x} is not UTF-8: save it again as CSV UTF-8"
            )
    return None


def _split(text, raw):
    expected = codebook.columns(raw.table)
    first = text.split("\n", 1)[0]
    if "," not in first and (";" in first or "\t" in first):
        mark = "semicolons" if ";" in first else "tabs"
        raw.wrong(1, "cells are separated by commas", f"this file uses {mark}: export it as comma-separated CSV UTF-8")
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        raw.header = next(reader)
        start = reader.line_num + 1
        for row in reader:
            _take(row, start, raw)
            start = reader.line_num + 1
    except csv.Error as error:
        # The reader notices at the next quote or at the end of the file; the curator looks where the row begins.
        fix = 'close the quote in the row that begins here, and double a quote inside a cell ("")'
        raw.wrong(start, f"quotes are balanced ({error})", fix)
        raw.torn.update(re.split(r'[",\r\n]+', "".join(io.StringIO(text, newline="").readlines()[start - 1 :])))
        if not raw.header:
            return
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


def _take(row, line, raw):
    if not any(cell.strip() for cell in row):
        raw.wrong(line, "no empty rows", "delete the row")
    elif len(row) != len(raw.header):
        count = f"this row has {len(row)} cells, the header {len(raw.header)}"
        mend = "put quotes around a cell that holds a comma" if len(row) > len(raw.header) else "add the missing commas"
        raw.wrong(line, "every row has as many cells as the header", f"{count}: {mend}")
        raw.torn.update(row)
    else:
        raw.rows.append(row)
        raw.lines.append(line)


@dataclass(frozen=True)
class Ledger:
    """The six tables, typed and joined. Claim tables carry what is known of their source, origin and arrangement.

    Added columns: ``date_earliest``, ``date_latest``, ``published_earliest``, ``published_latest`` (of the source),
    ``origin_earliest``, ``origin_latest`` (publication of the origin), ``known_on`` (last day on which the claim can
    have become public: of the origin, else of the source, else the day of reading), ``source_kind``,
    ``source_publisher``, ``origin_publisher``, ``programme``, ``receiver``, ``instrument``; all days as
    ``datetime64``, missing where open or unknown; counts and amounts as floats, missing where not reported.
    """

    sources: pd.DataFrame
    arrangements: pd.DataFrame
    steps: pd.DataFrame
    payments: pd.DataFrame
    transfers: pd.DataFrame
    tallies: pd.DataFrame
    as_of: pd.Timestamp

    @property
    def claims(self):
        """All four claim tables one below the other, with their common columns and the name of the table."""
        frames = [getattr(self, name).assign(table=name) for name in codebook.CLAIM_TABLES]
        common = [column for column in frames[0].columns if all(column in frame.columns for frame in frames)]
        extra = [column for column in ("arrangement_id", "programme", "receiver", "instrument") if column not in common]
        return pd.concat([frame.reindex(columns=common + extra) for frame in frames], ignore_index=True)

    def about(self, receiver):
        """The part that concerns one receiving country: its arrangements, the claims on them, the sources they name."""
        arrangements = self.arrangements[self.arrangements["receiver"] == receiver]
        frames = {"arrangements": arrangements, "tallies": self.tallies.iloc[:0]}
        for name in RECEIVING[1:]:
            frame = getattr(self, name)
            frames[name] = frame[frame["receiver"] == receiver]
        used = {name for table in frames.values() for key in ("source_id", "origin_id") for name in table.get(key, [])}
        frames["sources"] = self.sources[self.sources["source_id"].isin(used)]
        return replace(self, **{name: frame.reset_index(drop=True) for name, frame in frames.items()})

    def fingerprint(self):
        """A hash of what can be seen of each table, and of ``as_of``. The lines on which rows stand do not count."""
        return self._fingerprint({name: _row_hashes(getattr(self, name)) for name in codebook.TABLES})

    def fingerprints(self):
        """Receiver → the fingerprint of :meth:`about` it, for every receiver of an arrangement; without making each part."""
        hashes = {name: _row_hashes(getattr(self, name)) for name in codebook.TABLES}
        place = {source: number for number, source in enumerate(self.sources["source_id"])}
        rows = {name: getattr(self, name).groupby("receiver").indices for name in RECEIVING}
        found = {}
        for receiver in sorted(rows["arrangements"]):
            mine = {name: rows[name].get(receiver, []) for name in RECEIVING} | {"tallies": []}
            used = set()
            for name in RECEIVING[1:]:
                part = getattr(self, name).iloc[mine[name]]
                used |= {*part["source_id"], *part["origin_id"]}
            mine["sources"] = sorted(place[source] for source in used if source in place)
            found[receiver] = self._fingerprint({name: hashes[name][mine[name]] for name in codebook.TABLES})
        return found

    def _fingerprint(self, hashes):
        found = {name: hashlib.sha256(rows.tobytes()).hexdigest() for name, rows in hashes.items()}
        return found | {"as of": self.as_of.date().isoformat()}

    def known(self, as_of):
        """The ledger as it could be known at the end of the day ``as_of``: later claims are gone, nothing else changes."""
        day = pd.Timestamp(as_of)
        frames = {name: getattr(self, name) for name in codebook.CLAIM_TABLES}
        return replace(
            self, as_of=day, **{n: f[f["known_on"] <= day].reset_index(drop=True) for n, f in frames.items()}
        )


def _row_hashes(frame):
    return pd.util.hash_pandas_object(frame.drop(columns="line"), index=False).to_numpy()


def load(folder=paths.DATA):
    """Read all six tables and join them; rows that are superseded or withdrawn are left out.

    ``as_of`` of the result is the newest day on which a claim became public. Raises :class:`LedgerError` if a file
    cannot be read or a cell cannot be understood; ``make check`` says more.
    """
    raws = {table: read_raw(table, folder) for table in codebook.TABLES}
    _refuse(raws)
    frames = {table: _typed(raw) for table, raw in raws.items()}
    for table, key in (("sources", "source_id"), ("arrangements", "arrangement_id")):
        again = frames[table][frames[table].duplicated(key)]
        for line, value in zip(again["line"], again[key], strict=True):
            raws[table].wrong(line, "used once", "see make check", key, value)
    _refuse(raws)
    for table in codebook.CLAIM_TABLES:
        frames[table] = _joined(frames[table], frames["sources"], frames["arrangements"])
    days = pd.concat([frames[table]["known_on"] for table in codebook.CLAIM_TABLES])
    return Ledger(**frames, as_of=days.max())


def _refuse(raws):
    if problems := [problem for raw in raws.values() for problem in raw.problems]:
        raise LedgerError(problems)


def readings(folder=paths.DATA):
    """What two readers coded independently, as text: the columns of readings.csv. Raises :class:`LedgerError`."""
    raw = read_raw(codebook.READINGS, folder)
    if raw.problems:
        raise LedgerError(raw.problems)
    return pd.DataFrame(raw.rows, columns=raw.header, dtype="str")


def _typed(raw):
    frame = pd.DataFrame(raw.rows, columns=raw.header, dtype="str")
    frame["line"] = pd.Series(raw.lines, dtype="int64")
    for column, spec in codebook.fields(raw.table).items():
        if spec["type"] in ("integer", "number"):
            texts = frame[column]
            frame[column] = pd.to_numeric(texts.replace("", None), errors="coerce").astype("float64")
            # A number that cannot be read must not pass for one that was not reported.
            for i in frame.index[frame[column].isna() & (texts != "")]:
                raw.wrong(raw.lines[i], "a number in plain digits", "see make check", column, texts[i])
    for column in {"date", "published", "read_on"} & set(frame.columns):
        spans = {}
        for text, line in zip(frame[column], frame["line"], strict=True):
            try:
                spans[text] = dates.parse(text) if text else dates.Span(None, None)
            except ValueError as error:
                spans[text] = dates.Span(None, None)
                raw.wrong(line, f"a date in EDTF ({error})", "see make check", column, text)
        frame[f"{column}_earliest"] = _days(frame[column], {text: span.earliest for text, span in spans.items()})
        frame[f"{column}_latest"] = _days(frame[column], {text: span.latest for text, span in spans.items()})
    return frame


def _days(texts, days):
    return pd.to_datetime(pd.Series([days[text] for text in texts], index=texts.index, dtype="object")).astype(
        "datetime64[s]"
    )


def _joined(claims, sources, arrangements):
    claims = claims[claims["status"] == "active"]
    seen = sources.set_index("source_id")
    for column, key, value in (
        ("published_earliest", "source_id", "published_earliest"),
        ("published_latest", "source_id", "published_latest"),
        ("source_kind", "source_id", "kind"),
        ("source_publisher", "source_id", "publisher"),
        ("origin_earliest", "origin_id", "published_earliest"),
        ("origin_latest", "origin_id", "published_latest"),
        ("origin_publisher", "origin_id", "publisher"),
        ("known_on", "source_id", "read_on_latest"),
    ):
        claims = claims.assign(**{column: seen[value].reindex(claims[key]).array})
    # A page without any date was public at the latest on the day on which it was read here.
    public = claims["origin_latest"].fillna(claims["published_latest"])
    claims = claims.assign(known_on=public.fillna(claims["known_on"]))
    if "arrangement_id" in claims.columns:
        known = arrangements.set_index("arrangement_id")
        for column in ("programme", "receiver", "instrument"):
            claims = claims.assign(**{column: known[column].reindex(claims["arrangement_id"]).array})
    return claims.reset_index(drop=True)
