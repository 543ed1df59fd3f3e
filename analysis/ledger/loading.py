"""The ledger as typed, joined tables, and what of it was public on a day. Reading the files belongs to ``files``.

What belongs elsewhere: finding everything that is wrong (``checks``); scope, choice and counting (``views``).

Typical use::

    ledger = load()
    ledger.known("2025-12-31").steps
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.ledger import files, schema
from analysis.ledger.files import LedgerError, RawTable
from analysis.values import dates, paths

DATES = ("date", "published")
OF_ARRANGEMENT = ("programme", "receiver", "instrument")
RECEIVING = (
    "steps",
    "payments",
    "transfers",
    "acts",
)  # claim tables with an arrangement, and so a receiver, in each row
FRAMES = (*schema.FILES, "undated")
FIX = "see make check"


@dataclass(frozen=True)
class Ledger:
    """The tables, typed and joined. Claim tables carry what is known of their source, origin and arrangement.

    Added columns: ``date_earliest``, ``date_latest``, ``published_earliest``, ``published_latest`` (of the source),
    ``origin_earliest``, ``origin_latest`` (publication of the origin), ``public_on`` (the public day: the earlier of the
    last possible days on which origin and source were published, whichever are known), ``source_kind``,
    ``source_publisher``, ``origin_publisher``, ``origin_kind``, ``programme``, ``receiver``, ``instrument``; all days as
    ``datetime64``, missing where open or unknown; counts and amounts as floats, missing where not reported;
    ``doubtful`` as bool.

    Claims without a public day are in no claim table, so that nothing can count them; ``undated`` lists them, with the
    columns of all claim tables and ``table``. ``readings`` holds, as text, what two readers coded before they compared.
    ``as_of`` is the newest public day, or the day that :meth:`known` was asked for.
    """

    sources: pd.DataFrame
    arrangements: pd.DataFrame
    steps: pd.DataFrame
    payments: pd.DataFrame
    transfers: pd.DataFrame
    tallies: pd.DataFrame
    acts: pd.DataFrame
    readings: pd.DataFrame
    undated: pd.DataFrame
    as_of: pd.Timestamp

    @property
    def claims(self) -> pd.DataFrame:
        """All claim tables one below the other, with their common columns and ``table``, the name of the table."""
        return _one_below_the_other({name: getattr(self, name) for name in schema.CLAIM_TABLES})

    def about(self, receiver: str) -> "Ledger":
        """The part that concerns one receiving country: its arrangements, the claims on them, the sources they name."""
        frames = {
            name: frame[frame["receiver"] == receiver] for name, frame in self._frames().items() if "receiver" in frame
        }
        frames["tallies"] = self.tallies.iloc[:0]
        claims = [frames[name] for name in (*RECEIVING, "undated")]
        used = {source for frame in claims for key in ("source_id", "origin_id") for source in frame[key]}
        frames["sources"] = self.sources[self.sources["source_id"].isin(used)]
        return self._with({name: frame.reset_index(drop=True) for name, frame in frames.items()})

    def without_notes(self) -> "Ledger":
        """The ledger without the columns of ``schema.NOTES``."""
        return self._with(
            {name: frame.drop(columns=list(schema.NOTES), errors="ignore") for name, frame in self._frames().items()}
        )

    def fingerprint(self) -> dict[str, str]:
        """A hash of what can be seen of each table, and of ``as_of``. The lines on which rows stand do not count."""
        return self._fingerprint(self._hashes)

    def fingerprints(self) -> dict[str, dict[str, str]]:
        """Receiver → the fingerprint of :meth:`about` it, for every receiver of an arrangement; without making each part."""
        frames, hashes = self._frames(), self._hashes
        place = {source: number for number, source in enumerate(self.sources["source_id"])}
        rows = {name: frame.groupby("receiver").indices for name, frame in frames.items() if "receiver" in frame}
        named = {name: frames[name][["source_id", "origin_id"]].to_numpy() for name in (*RECEIVING, "undated")}
        found = {}
        for receiver in sorted(map(str, rows["arrangements"])):
            mine = {name: list(by_receiver.get(receiver, [])) for name, by_receiver in rows.items()} | {"tallies": []}
            used = {source for name, pairs in named.items() for source in pairs[mine[name]].ravel()}
            mine["sources"] = sorted(place[source] for source in used if source in place)
            found[receiver] = self._fingerprint({name: hashes[name][mine[name]] for name in FRAMES})
        return found

    def said_until(self, days: Iterable[pd.Timestamp]) -> list[str]:
        """For each of ``days`` a hash of what the claims that were public by then say; ``schema.BESIDE`` does not count."""
        frames = [
            getattr(self, name).drop(columns=list(schema.BESIDE), errors="ignore") for name in schema.CLAIM_TABLES
        ]
        hashed = [(_row_hashes(frame), frame["public_on"].to_numpy()) for frame in frames]
        found = []
        for day in days:
            public = [hashlib.sha256(rows[public_on <= day].tobytes()).hexdigest() for rows, public_on in hashed]
            found.append(" ".join(public))
        return found

    def known(self, as_of: str | dt.date) -> "Ledger":
        """The ledger as it was public at the end of the day ``as_of``: claims that became public later are gone.

        Claims without a public day stay in ``undated``, whatever the day; nothing else changes.
        """
        day = pd.Timestamp(as_of)
        frames = {name: getattr(self, name) for name in schema.CLAIM_TABLES}
        public = {name: frame[frame["public_on"] <= day].reset_index(drop=True) for name, frame in frames.items()}
        return replace(self._with(public), as_of=day)

    def with_undated(self) -> "Ledger":
        """The ledger with its undated claims in their tables, their ``public_on`` missing: to list claims, never to count."""
        whole = {}
        for name in schema.CLAIM_TABLES:
            dated = getattr(self, name)
            undated = self.undated.loc[self.undated["table"] == name, dated.columns].astype(dated.dtypes)
            whole[name] = pd.concat([dated, undated], ignore_index=True)
        return self._with(whole)

    def _with(self, frames: dict[str, pd.DataFrame]) -> "Ledger":
        return Ledger(**(self._frames() | frames), as_of=self.as_of)

    def _frames(self) -> dict[str, pd.DataFrame]:
        return {name: getattr(self, name) for name in FRAMES}

    @cached_property
    def _hashes(self) -> dict[str, npt.NDArray[np.uint64]]:
        """A hash of each row of each table."""
        return {name: _row_hashes(frame) for name, frame in self._frames().items()}

    def _fingerprint(self, hashes: dict[str, npt.NDArray[np.uint64]]) -> dict[str, str]:
        found = {name: hashlib.sha256(rows.tobytes()).hexdigest() for name, rows in hashes.items()}
        return found | {"as of": self.as_of.date().isoformat()}


def load(folder: str | Path = paths.DATA, older: bool = False) -> Ledger:
    """Read all tables and join them; rows that are superseded or withdrawn are left out.

    ``as_of`` of the result is the newest day on which a claim became public. Raises :class:`LedgerError` if a file
    cannot be read, a cell cannot be understood, or a claim names a source or an arrangement that is not there;
    ``make check`` says more. Files are read and hashed each time, but not parsed again where they are byte for byte those read
    last; what a caller does to the frames stays with the caller. The tables of an ``older`` revision may lack what came later
    (:func:`files.read_older`).
    """
    state = _state(folder, older)
    if state not in _loaded:
        ledger = _load(folder, older, state)
        while _state(folder, older) != state:  # a file was saved meanwhile: what was read is no state of the ledger
            state = _state(folder, older)
            ledger = _load(folder, older, state)
        _loaded.clear()
        _loaded[state] = ledger
    ledger = _loaded[state]
    return ledger._with({name: frame.copy(deep=False) for name, frame in ledger._frames().items()})


# What a ledger is read from: its folder, whether tables may lack what came later, the hash of the schema and of each file.
State = tuple[str, ...]
# The ledger read last: an edit is seen, whatever runs.
_loaded: dict[State, Ledger] = {}
# The rows of each table read last, by what they were read from: where one table was saved, the others need not be typed again.
_typed_last: dict[str, tuple[State, pd.DataFrame]] = {}


def _state(folder: str | Path, older: bool) -> State:
    paths_read = [Path(folder) / f"{table}.csv" for table in schema.FILES]
    contents = [path.read_bytes() if path.is_file() else b"" for path in paths_read]
    descriptor = json.dumps(schema.package()).encode("utf-8")
    return str(folder), str(older), *(hashlib.sha256(data).hexdigest() for data in (descriptor, *contents))


def _load(folder: str | Path, older: bool, state: State) -> Ledger:
    read = files.read_older if older else files.read_table
    raws = {table: read(table, folder) for table in schema.FILES}
    _refuse(raws)
    whole, files_of = state[:3], dict(zip(schema.FILES, state[3:], strict=True))
    frames = {table: _typed_once(raw, (*whole, files_of[table])) for table, raw in raws.items()}
    for table, key in (("sources", "source_id"), ("arrangements", "arrangement_id")):
        _tell(raws[table], key, {}, raws[table].cells[key].duplicated(), "used once")
    for table in (*schema.CLAIM_TABLES, schema.READINGS):
        for reference in schema.foreign_keys(table):
            unknown = ~frames[table][reference.column].isin(frames[reference.target][reference.target_column])
            rule = f"found in {reference.target}.csv"
            _tell(raws[table], reference.column, {}, unknown.set_axis(raws[table].cells.index), rule)
    _refuse(raws)
    undated = {}
    for table in schema.CLAIM_TABLES:
        claims = _joined(frames[table], frames["sources"], frames["arrangements"])
        is_dated = claims["public_on"].notna()
        frames[table] = claims[is_dated].reset_index(drop=True)
        undated[table] = claims[~is_dated].assign(table=table)
    days = pd.concat([frames[table]["public_on"] for table in schema.CLAIM_TABLES])
    return Ledger(**frames, undated=pd.concat(undated.values(), ignore_index=True), as_of=days.max())


def _refuse(raws: dict[str, RawTable]) -> None:
    if problems := [problem for raw in raws.values() for problem in raw.problems]:
        raise LedgerError(problems)


def _one_below_the_other(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Claim tables as one frame: the columns that all have, those of the arrangement, and ``table``, the table's name."""
    frames = [frame.assign(table=name) for name, frame in tables.items()]
    common = [column for column in frames[0].columns if all(column in frame.columns for frame in frames)]
    extra = [column for column in ("arrangement_id", *OF_ARRANGEMENT) if column not in common]
    return pd.concat([frame.reindex(columns=common + extra) for frame in frames], ignore_index=True)


def _row_hashes(frame: pd.DataFrame) -> npt.NDArray[np.uint64]:
    # Not by categories: to find them takes longer than to hash each cell of so small a table.
    hashes = pd.util.hash_pandas_object(frame.drop(columns="line"), index=False, categorize=False)
    return np.asarray(hashes, dtype=np.uint64)


def _typed_once(raw: RawTable, state: State) -> pd.DataFrame:
    """As :func:`_typed`; remembered where nothing is wrong with the table."""
    if raw.table not in _typed_last or _typed_last[raw.table][0] != state:
        frame = _typed(raw)
        if raw.problems:
            return frame
        _typed_last[raw.table] = state, frame
    return _typed_last[raw.table][1]


def _typed(raw: RawTable) -> pd.DataFrame:
    """The cells of a file with their types, and ``line``. What cannot be understood is added to the file's problems."""
    frame = raw.cells.astype("str").reset_index()
    frame = frame[[*raw.header, "line"]]
    for name, spec in schema.fields(raw.table).items():
        texts = raw.cells[name]
        if spec["type"] in ("integer", "number"):
            numbers = pd.to_numeric(texts.where(texts != ""), errors="coerce").astype("float64")
            # A number that cannot be read must not pass for one that was not reported.
            unread = (texts != "") & ~np.isfinite(numbers)
            _tell(raw, name, {}, unread, "a number in plain digits")
            frame[name] = numbers.to_numpy()
        elif spec["type"] == "boolean":
            _tell(raw, name, {}, ~texts.isin(["", "true"]), "true or blank")
            frame[name] = (texts == "true").to_numpy()
        elif codes := schema.codes(raw.table, name):
            # A code that no view knows would make a claim count as something else, or as nothing.
            required = spec.get("constraints", {}).get("required", False)
            _tell(raw, name, {}, ~texts.isin([*codes, *([] if required else [""])]), f"one of {', '.join(codes)}")
    for name in DATES:
        if name in raw.header:
            spans, unread_dates = _spans(list(raw.cells[name].unique()))
            _tell(raw, name, unread_dates, raw.cells[name].isin(list(unread_dates)), "a date in EDTF")
            for end in ("earliest", "latest"):
                days = {text: getattr(span, end) for text, span in spans.items()}
                frame[f"{name}_{end}"] = _days(raw.cells[name].map(days.__getitem__))
    return frame


def _spans(texts: list[str]) -> tuple[dict[str, dates.Span], dict[str, str]]:
    """Text → the span that it means, and text → rule for those that are no date."""
    spans, unread = {}, {}
    for text in texts:
        spans[text] = dates.Span(None, None)
        try:
            if text:
                spans[text] = dates.parse(text)
        except ValueError as error:
            unread[text] = f"a date in EDTF ({error})"
    return spans, unread


def _tell(raw: RawTable, column: str, rules: dict[str, str], rows: "pd.Series[bool]", rule: str) -> None:
    """Add a problem for each of ``rows``; ``rules`` are those of single values, ``rule`` is that of all others."""
    for line, value in raw.cells[column][rows].items():
        raw.wrong(int(str(line)), rules.get(value, rule), FIX, column, value)


def _days(days: "pd.Series[dt.date]") -> npt.NDArray[np.datetime64]:
    return pd.to_datetime(days.astype("object")).astype("datetime64[s]").to_numpy()


def _joined(claims: pd.DataFrame, sources: pd.DataFrame, arrangements: pd.DataFrame) -> pd.DataFrame:
    claims = claims[claims["status"] == "active"].reset_index(drop=True)
    wanted = ["published_earliest", "published_latest", "kind", "publisher"]
    source, origin = (_looked_up(sources, "source_id", wanted, claims[key]) for key in ("source_id", "origin_id"))
    claims = claims.assign(
        published_earliest=source["published_earliest"],
        published_latest=source["published_latest"],
        source_kind=source["kind"],
        source_publisher=source["publisher"],
        origin_earliest=origin["published_earliest"],
        origin_latest=origin["published_latest"],
        origin_publisher=origin["publisher"],
        origin_kind=origin["kind"],
        # Whoever printed it first made it public: an origin may bear a later day than a page that retells it.
        public_on=pd.concat([origin["published_latest"], source["published_latest"]], axis=1).min(axis=1),
    )
    if "arrangement_id" in claims.columns:
        wanted = list(OF_ARRANGEMENT)
        claims[wanted] = _looked_up(arrangements, "arrangement_id", wanted, claims["arrangement_id"])
    return claims


def _looked_up(frame: pd.DataFrame, key: str, wanted: list[str], values: "pd.Series[str]") -> pd.DataFrame:
    """The columns ``wanted`` of ``frame`` for each of the ``values`` of its key."""
    return frame.set_index(key)[wanted].reindex(values).set_axis(values.index)
