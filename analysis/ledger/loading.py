"""The ledger as typed, joined tables, and what of it was known on a day. Reading the files belongs to ``files``."""

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.ledger import files, schema
from analysis.ledger.files import LedgerError
from analysis.values import dates, paths

DATES = ("date", "published", "read_on")
HASHED = (*schema.TABLES, "undated")  # what a fingerprint is made of
RECEIVING = ("arrangements", "steps", "payments", "transfers")  # tables with a receiver in each row


@dataclass(frozen=True)
class Ledger:
    """The six tables, typed and joined. Claim tables carry what is known of their source, origin and arrangement.

    Added columns: ``date_earliest``, ``date_latest``, ``published_earliest``, ``published_latest`` (of the source),
    ``origin_earliest``, ``origin_latest`` (publication of the origin), ``public_on`` (the public day: the earlier of the
    last possible days on which origin and source were published, whichever are known), ``source_kind``,
    ``source_publisher``, ``origin_publisher``, ``programme``, ``receiver``, ``instrument``; all days as
    ``datetime64``, missing where open or unknown; counts and amounts as floats, missing where not reported.

    Claims without a public day are in no claim table, so that nothing can count them; ``undated`` lists them, with the
    columns of ``claims``.
    """

    sources: pd.DataFrame
    arrangements: pd.DataFrame
    steps: pd.DataFrame
    payments: pd.DataFrame
    transfers: pd.DataFrame
    tallies: pd.DataFrame
    undated: pd.DataFrame
    as_of: pd.Timestamp

    @property
    def claims(self):
        """All four claim tables one below the other, with their common columns and the name of the table."""
        return _one_below_the_other({name: getattr(self, name) for name in schema.CLAIM_TABLES})

    def about(self, receiver):
        """The part that concerns one receiving country: its arrangements, the claims on them, the sources they name."""
        arrangements = self.arrangements[self.arrangements["receiver"] == receiver]
        frames = {"arrangements": arrangements, "tallies": self.tallies.iloc[:0]}
        for name in RECEIVING[1:]:
            frame = getattr(self, name)
            frames[name] = frame[frame["receiver"] == receiver]
        frames["undated"] = self.undated[self.undated["receiver"] == receiver]
        used = {name for table in frames.values() for key in ("source_id", "origin_id") for name in table.get(key, [])}
        frames["sources"] = self.sources[self.sources["source_id"].isin(used)]
        return replace(self, **{name: frame.reset_index(drop=True) for name, frame in frames.items()})

    def fingerprint(self):
        """A hash of what can be seen of each table, and of ``as_of``. The lines on which rows stand do not count."""
        return self._fingerprint({name: _row_hashes(getattr(self, name)) for name in HASHED})

    def fingerprints(self):
        """Receiver → the fingerprint of :meth:`about` it, for every receiver of an arrangement; without making each part."""
        hashes = {name: _row_hashes(getattr(self, name)) for name in HASHED}
        place = {source: number for number, source in enumerate(self.sources["source_id"])}
        rows = {name: getattr(self, name).groupby("receiver").indices for name in (*RECEIVING, "undated")}
        named = {
            name: getattr(self, name)[["source_id", "origin_id"]].to_numpy() for name in (*RECEIVING[1:], "undated")
        }
        found = {}
        for receiver in sorted(rows["arrangements"]):
            mine = {name: found_rows.get(receiver, []) for name, found_rows in rows.items()} | {"tallies": []}
            used = set()
            for name in named:
                used.update(named[name][mine[name]].ravel())
            mine["sources"] = sorted(place[source] for source in used if source in place)
            found[receiver] = self._fingerprint({name: hashes[name][mine[name]] for name in HASHED})
        return found

    def _fingerprint(self, hashes):
        found = {name: hashlib.sha256(rows.tobytes()).hexdigest() for name, rows in hashes.items()}
        return found | {"as of": self.as_of.date().isoformat()}

    def known(self, as_of):
        """The ledger as it was public at the end of the day ``as_of``: claims that became public later are gone.

        Claims without a public day stay in ``undated``, whatever the day; nothing else changes.
        """
        day = pd.Timestamp(as_of)
        frames = {name: getattr(self, name) for name in schema.CLAIM_TABLES}
        return replace(
            self, as_of=day, **{n: f[f["public_on"] <= day].reset_index(drop=True) for n, f in frames.items()}
        )


def _one_below_the_other(tables):
    """Claim tables as one frame: the columns that all have, those of the arrangement, and ``table``, the table's name."""
    frames = [frame.assign(table=name) for name, frame in tables.items()]
    common = [column for column in frames[0].columns if all(column in frame.columns for frame in frames)]
    extra = [column for column in ("arrangement_id", "programme", "receiver", "instrument") if column not in common]
    return pd.concat([frame.reindex(columns=common + extra) for frame in frames], ignore_index=True)


def _row_hashes(frame):
    return pd.util.hash_pandas_object(frame.drop(columns="line"), index=False).to_numpy()


def load(folder=paths.DATA):
    """Read all six tables and join them; rows that are superseded or withdrawn are left out.

    ``as_of`` of the result is the newest day on which a claim became public. Raises :class:`LedgerError` if a file
    cannot be read or a cell cannot be understood; ``make check`` says more. Files that are byte for byte those read last
    are not read again; what a caller does to the frames stays with the caller.
    """
    found = [Path(folder) / f"{table}.csv" for table in schema.TABLES]
    state = tuple(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"" for path in found)
    book = _load(folder, state)
    return replace(book, **{table: getattr(book, table).copy(deep=False) for table in (*schema.TABLES, "undated")})


@lru_cache(maxsize=1)
def _load(folder, state):
    raws = {table: files.read_raw(table, folder) for table in schema.TABLES}
    _refuse(raws)
    frames = {table: _typed(raw) for table, raw in raws.items()}
    for table, key in (("sources", "source_id"), ("arrangements", "arrangement_id")):
        again = frames[table][frames[table].duplicated(key)]
        for line, value in zip(again["line"], again[key], strict=True):
            raws[table].wrong(line, "used once", "see make check", key, value)
    _refuse(raws)
    undated = {}
    for table in schema.CLAIM_TABLES:
        claims = _joined(frames[table], frames["sources"], frames["arrangements"])
        is_dated = claims["public_on"].notna()
        frames[table] = claims[is_dated].reset_index(drop=True)
        undated[table] = claims[~is_dated]
    days = pd.concat([frames[table]["public_on"] for table in schema.CLAIM_TABLES])
    return Ledger(**frames, undated=_one_below_the_other(undated), as_of=days.max())


def _refuse(raws):
    if problems := [problem for raw in raws.values() for problem in raw.problems]:
        raise LedgerError(problems)


def readings(folder=paths.DATA):
    """What two readers coded independently, as text: the columns of readings.csv. Raises :class:`LedgerError`."""
    raw = files.read_raw(schema.READINGS, folder)
    if raw.problems:
        raise LedgerError(raw.problems)
    return _frame(raw)


def _frame(raw):
    texts = (pd.array(column.values, dtype="str").take(column.codes) for column in raw.columns)
    return pd.DataFrame(dict(zip(raw.header, texts, strict=True)))


def _typed(raw):
    frame = _frame(raw)
    frame["line"] = raw.lines
    for name, spec in schema.fields(raw.table).items():
        if spec["type"] in ("integer", "number"):
            column = raw[name]
            texts = pd.Series(column.values, dtype="str").replace("", None)
            numbers = pd.to_numeric(texts, errors="coerce").astype("float64")
            # A number that cannot be read must not pass for one that was not reported.
            unread = texts[numbers.isna() & texts.notna()]
            _tell(raw, name, dict.fromkeys(unread, "a number in plain digits"))
            frame[name] = numbers.to_numpy()[column.codes]
    for name in DATES:
        if name in frame.columns:
            column = raw[name]
            spans, unread = _spans(column.values)
            _tell(raw, name, unread)
            frame[f"{name}_earliest"] = _days([span.earliest for span in spans])[column.codes]
            frame[f"{name}_latest"] = _days([span.latest for span in spans])[column.codes]
    return frame


def _spans(texts):
    """The span of each text, and text → rule for those that are no date."""
    spans, unread = [], {}
    for text in texts:
        spans.append(dates.Span(None, None))
        try:
            if text:
                spans[-1] = dates.parse(text)
        except ValueError as error:
            unread[text] = f"a date in EDTF ({error})"
    return spans, unread


def _tell(raw, name, unread):
    if unread:
        column = raw[name]
        for row in np.flatnonzero(column.each(unread.__contains__)):
            raw.wrong(raw.lines[row], unread[column[row]], "see make check", name, column[row])


def _days(days):
    return pd.to_datetime(pd.Series(days, dtype="object")).astype("datetime64[s]").to_numpy()


def _joined(claims, sources, arrangements):
    claims = claims[claims["status"] == "active"].reset_index(drop=True)
    wanted = ["published_earliest", "published_latest", "kind", "publisher"]
    marked = claims["doubtful"] == "true" if "doubtful" in claims.columns else False
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
        doubtful=marked,
        # Whoever printed it first made it public: an origin may bear a later day than a page that retells it.
        public_on=pd.concat([origin["published_latest"], source["published_latest"]], axis=1).min(axis=1),
    )
    if "arrangement_id" in claims.columns:
        wanted = ["programme", "receiver", "instrument"]
        claims[wanted] = _looked_up(arrangements, "arrangement_id", wanted, claims["arrangement_id"])
    return claims


def _looked_up(frame, key, wanted, values):
    """The columns ``wanted`` of ``frame`` for each of the ``values`` of its key; missing where it has none."""
    return frame.set_index(key)[wanted].reindex(values).set_axis(values.index)
