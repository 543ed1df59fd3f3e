"""Everything that can be wrong with the ledger, found at once, each with file, line, column, value, rule and fix.

Three layers: the file (``files.read_table``), the cell (``cell_checks``, with the keys of ``datapackage.json``), and the
rules across cells, rows and tables, which CODING.md explains. Where two layers see the same cell, the first to name it
speaks, because its message is the more precise one. Nothing is said about what only follows from another fault, such as
the claims of a source whose row is torn.

What belongs elsewhere: reading the files (``files``), what one value can have wrong (``cell_checks``), what the published
ledger is expected to say (``expectations``).

Typical use::

    for problem in check():
        print(problem)
"""

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.ledger import cell_checks, expectations, files, schema
from analysis.ledger.files import Problem, RawTable
from analysis.values import countries, dates, paths

Row = dict[str, Any]
Text = str | Callable[[Row], str]  # a rule or a fix: the same for all rows, or made of a row's cells

# What claims about one fact have in common.
ONE_PER = {
    "payments": ("payment_id", ("arrangement_id", "part_of", "currency", "unit")),
    "transfers": ("transfer_id", ("arrangement_id", "part_of")),
    "acts": ("act_id", ("arrangement_id", "actor", "jurisdiction", "label")),
}
VENDORED = ("places.csv", "world_110m.json")  # reference files that no person writes
NO_RECEIVER = "any"  # with what the identifier of an arrangement begins that is about no single country
YEARS_BEFORE = 1  # an arrangement is named after the year of its episode, which may have begun in the year before


class CheckedTable:
    """The cells of one file, and which of them are already named: a layer is silent about those.

    What a layer names counts from the next layer on (:meth:`settle`), so that it can say two things about one cell.
    Rows are named by the line on which they begin: every mask and Series has the index of ``cells``.
    """

    def __init__(self, raw: RawTable) -> None:
        self.raw = raw
        self.cells = raw.cells
        self.named: dict[str, set[int]] = {}
        self._fresh: list[tuple[str, list[int]]] = []

    def __getitem__(self, column: str) -> "pd.Series[str]":
        return self.cells[column]

    def filled(self, column: str) -> "pd.Series[bool]":
        """Rows in which ``column`` is not blank."""
        return self.cells[column] != ""

    def holds(self, column: str, *values: str) -> "pd.Series[bool]":
        """Rows with one of ``values`` in ``column``; none where the table has no such column."""
        if column not in self.cells:
            return pd.Series(False, index=self.cells.index)
        return self.cells[column].isin(values)

    def first_days(self, column: str) -> "pd.Series[float]":
        """The earliest day that each date can mean, as a number; NaN where it is open, blank or unreadable."""
        return _by_value(self.cells[column], lambda text: _day(text, "earliest"))

    def last_days(self, column: str) -> "pd.Series[float]":
        """The latest day that each date can mean, as a number; NaN where it is open, blank or unreadable."""
        return _by_value(self.cells[column], lambda text: _day(text, "latest"))

    def is_named(self, *columns: str) -> "pd.Series[bool]":
        """Rows of which an earlier layer named one of ``columns``."""
        lines = set().union(*(self.named.get(column, set()) for column in columns))
        return pd.Series(self.cells.index.isin(lines), index=self.cells.index)

    def place(self, line: int) -> str:
        """File and line, as a message names another row."""
        return f"{self.raw.file}:{line}"

    def wrong(
        self, rows: "pd.Series[bool]", column: str, rule: Text, fix: Text, cells: pd.DataFrame | None = None
    ) -> None:
        """Name the cells of ``column`` in ``rows``, unless an earlier layer did.

        ``cells`` are the rows that rule and fix are made of, where these need more than what stands in this table.
        """
        if not rows.any():
            return
        told = (self.cells if cells is None else cells)[rows & ~self.is_named(column)]
        for line, row in zip(told.index, files.records(told), strict=True):
            rule_text, fix_text = (text(row) if callable(text) else text for text in (rule, fix))
            self.raw.wrong(line, rule_text, fix_text, column, row[column])
        self._fresh.append((column, told.index.tolist()))

    def wrong_lines(self, column: str, rules: Mapping[int, str], fix: str) -> None:
        """Name the cells of ``column`` on the lines that have a rule of their own, unless an earlier layer did."""
        lines = [line for line in rules if line not in self.named.get(column, ())]
        for line in lines:
            self.raw.wrong(line, rules[line], fix, column, str(self.cells.at[line, column]))
        self._fresh.append((column, lines))

    def wrong_values(
        self, column: str, verdicts: Mapping[str, cell_checks.Verdict], among: "pd.Series[bool] | None" = None
    ) -> None:
        """Name every cell of ``column`` whose value has a verdict, among all rows or some."""
        if verdicts:
            rows = self.cells[column].isin(list(verdicts)) & (True if among is None else among)
            self.wrong(rows, column, lambda row: verdicts[row[column]][0], lambda row: verdicts[row[column]][1])

    def settle(self) -> None:
        """End a layer: what it named, the next one leaves alone."""
        for column, lines in self._fresh:
            self.named.setdefault(column, set()).update(lines)
        self._fresh = []


Tables = dict[str, CheckedTable]


def check(folder: str | Path = paths.DATA) -> list[Problem]:
    """All problems of the ledger in ``folder``, in the order of files and lines. Empty if there are none."""
    return problems(files.read_all(folder))


def problems(raws: Mapping[str, RawTable]) -> list[Problem]:
    """The same of tables already read (``files.read_all``)."""
    readable = {name: raw for name, raw in raws.items() if len(raw) or not raw.problems}
    whole = {t: raw for t, raw in readable.items() if all(raw.header.count(c) == 1 for c in schema.columns(t))}
    tables = {name: CheckedTable(raw) for name, raw in whole.items()}
    for name, table in tables.items():
        _check_cells(name, table)
        table.settle()
    for name, table in tables.items():
        _check_rows(name, table)
    _check_references(tables)
    for table in tables.values():
        table.settle()
    _check_across(tables)
    if not any(raw.problems for name, raw in raws.items() if name != schema.EXPECTATIONS):
        expectations.check(raws)
    schema.views()
    order = {raw.file: number for number, raw in enumerate(raws.values())}
    found = {problem for raw in raws.values() for problem in raw.problems}
    return [*_vendored(), *sorted(found, key=lambda p: (order[p.file], p.line, p.column, p.rule, p.fix))]


def _vendored() -> list[Problem]:
    """The reference files that are not, by their hash, those of SHA256SUMS: nobody types in them."""
    sums, found = paths.REFERENCE / "SHA256SUMS", []
    listed = sums.read_bytes().split(b"\n") if sums.is_file() else []
    for name in VENDORED:
        file = paths.REFERENCE / name
        digest = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
        if f"{digest}  {name}".encode() not in listed:
            rule, fix = f"the file that {sums.name} lists", "restore both from the last revision"
            found.append(Problem(paths.relative(file), 0, "", "", rule, fix))
    return found


# --- cells -----------------------------------------------------------------------------------------------------------


def _check_cells(name: str, table: CheckedTable) -> None:
    for column, spec in schema.fields(name).items():
        cells = table[column]
        values = list(dict.fromkeys(cells))
        odd = cell_checks.value_problems(name, column, values)
        table.wrong_values(column, odd)
        rest = [value for value in values if value not in odd]
        table.wrong_values(column, cell_checks.schema_problems(name, column, rest))
        if spec.get("constraints", {}).get("unique") and len(values) < len(cells):
            again = cells.duplicated() & table.filled(column) & ~cells.isin(list(odd))
            table.wrong(again, column, "used once", _has_it_too(table, column))


def _has_it_too(table: CheckedTable, column: str) -> Callable[[Row], str]:
    """The fix for an identifier that stands in an earlier row."""
    first = table[column].drop_duplicates()
    lines = dict(zip(first, first.index.tolist(), strict=True))
    return lambda row: f"{table.place(lines[row[column]])} has it too: give this row an identifier of its own"


# --- rules within a row ----------------------------------------------------------------------------------------------


def _check_rows(name: str, table: CheckedTable) -> None:
    if name == "sources":
        _check_source(table)
    elif name == "arrangements":
        _check_arrangement(table)
    elif name in schema.CLAIM_TABLES:
        _check_claim(table)
    elif name == schema.READINGS:
        _check_reading(table)
    if name in schema.FIGURE_COLUMNS:
        low, high = schema.FIGURE_COLUMNS[name]
        above = _by_value(table[low], _number) > _by_value(table[high], _number)
        fix = "swap them, or read the source again"
        table.wrong(above, low, lambda row: f"not above {high} ({row[high]})", fix)
    if name == "payments":
        amounts, currency = table.filled("amount_min") | table.filled("amount_max"), table.filled("currency")
        table.wrong(amounts & ~currency, "currency", "an amount has a currency", "for example USD")
        fix = "leave it blank, or fill in amount_min or amount_max"
        table.wrong(currency & ~amounts, "currency", "a currency has an amount", fix)
    if name == "steps":
        stopped = table.holds("step", "halted", "unclear")
        fix = "clear it, or correct the step"
        table.wrong(table.filled("act_id") & ~stopped, "act_id", "only for the steps halted and unclear", fix)


def _check_source(t: CheckedTable) -> None:
    dated, unknown = t.filled("published"), t.holds("published_basis", "unknown")
    t.wrong(dated & unknown, "published_basis", "unknown only where published is blank", "write stated or computed")
    fix = "write unknown, or fill in published"
    t.wrong(~dated & ~unknown, "published_basis", "unknown where published is blank", fix)
    unseen, day = t.holds("read", "not_seen"), t.filled("read_on")
    t.wrong(unseen & day, "read_on", "blank for a source that was not seen", "clear it, or correct read")
    t.wrong(~unseen & ~day, "read_on", "filled in for a source that was read", "the day of reading, YYYY-MM-DD")
    held = t.filled("text_sha256") & ~t.holds("read", "full")
    t.wrong(held, "text_sha256", "only for a text held whole", "clear it, or correct read")
    early = (t.first_days("published") > t.last_days("read_on")) & ~t.is_named("published", "read_on")
    rule = "not after the day of reading"
    t.wrong(early, "published", lambda row: f"{rule} (read_on {row['read_on']})", "correct one of the two")


def _check_arrangement(t: CheckedTable) -> None:
    itself = t.filled("sender") & (t["sender"] == t["receiver"])
    t.wrong(itself, "receiver", "not the sender itself", "the state that receives the people, or blank")
    # A receiver that is itself in doubt says nothing about the identifier.
    clear = t["receiver"].isin(["", *countries.table()]) & ~itself & t.filled("arrangement_id")
    start = t["receiver"].str.lower().where(t.filled("receiver"), NO_RECEIVER) + "-"
    begins = t["arrangement_id"].str.replace(r"-.*", "-", regex=True)
    fix = "rename it here and in the claims, or correct the receiver"
    other = clear & (begins != start)
    rule = "begins with"
    t.wrong(
        other,
        "arrangement_id",
        lambda row: f'{rule} "{row["receiver"].lower() or NO_RECEIVER}-", after its receiver',
        fix,
    )


def _check_claim(t: CheckedTable) -> None:
    date, basis = t.filled("date"), t.filled("date_basis")
    t.wrong(date & ~basis, "date_basis", "filled in where date is", "write stated, computed or bounded")
    t.wrong(basis & ~date, "date_basis", "blank where date is", "clear it, or fill in date")
    silent = t.holds("status", "superseded", "withdrawn") & ~t.filled("note")
    fix = "name the row that replaces it, or the reason"
    t.wrong(silent, "note", lambda row: f"a {row['status']} row says why", fix)
    unexplained = t.holds("doubtful", "true") & ~t.filled("note")
    t.wrong(unexplained, "note", "a doubtful row says why", "write what makes it doubtful, or clear doubtful")
    early = ~t.is_named("checked_on", "coded_on") & (t.first_days("checked_on") < t.first_days("coded_on"))
    t.wrong(early, "checked_on", lambda row: f"not before coded_on ({row['coded_on']})", "correct one of the two")


def _check_reading(t: CheckedTable) -> None:
    nobody = ~t.filled("code_1") & ~t.filled("code_2")
    t.wrong(
        nobody, "code_1", "at least one of two readers coded the fact", "fill in code_1 or code_2, or delete the row"
    )
    for reader in ("1", "2"):
        code, stance = f"code_{reader}", f"stance_{reader}"
        for table, column in schema.CODE_COLUMN.items():
            here = t.holds("table", table)
            verdicts = cell_checks.unknown_codes(list(dict.fromkeys(t[code][here])), schema.codes(table, column))
            t.wrong_values(code, verdicts, here)
        t.wrong(t.filled(code) & ~t.filled(stance), stance, f"filled in where {code} is", "write asserts or denies")
        for column in (stance, f"date_{reader}", f"number_{reader}"):
            extra = t.filled(column) & ~t.filled(code)
            t.wrong(extra, column, f"blank where {code} is", f"clear it, or fill in {code}")


def _by_value(cells: "pd.Series[str]", function: Callable[[str], float]) -> "pd.Series[float]":
    """``function`` of each cell, called once for each distinct value."""
    return cells.map({value: function(value) for value in dict.fromkeys(cells)}).astype("float64")


def _day(text: str, end: str) -> float:
    try:
        day = getattr(dates.parse(text), end) if text else None
    except ValueError:
        day = None
    return float(day.toordinal()) if day else float("nan")


def _number(text: str) -> float:
    return float(text) if cell_checks.NUMBER_FORMS["number"].fullmatch(text) else float("nan")


# --- references ------------------------------------------------------------------------------------------------------


def _check_references(tables: Tables) -> None:
    for name, table in tables.items():
        for key in schema.foreign_keys(name):
            if key.target in tables:
                _check_reference(table, key.column, tables[key.target], key.target_column)
    if "steps" in tables and "acts" in tables:
        _check_reference(tables["steps"], "act_id", tables["acts"], "act_id")
    claims = [tables[name] for name in schema.CLAIM_TABLES if name in tables]
    if schema.READINGS in tables and len(claims) == len(schema.CLAIM_TABLES):
        _check_claims_of_readings(tables[schema.READINGS], tables)


def _check_reference(table: CheckedTable, column: str, target: CheckedTable, key: str) -> None:
    """Name the cells of ``column`` that do not stand in ``key`` of ``target``, unless they are misspelt over there."""
    known = set(target[key])
    found = known | target.raw.torn | {""}
    # A cell of act_id may name several acts: "a;b".
    missing = {cell: [part for part in cell.split(";") if part not in found] for cell in set(table[column])}
    lost = sorted({part for parts in missing.values() for part in parts})
    if not lost:
        return
    near = cell_checks.closest(lost, known)
    misspelt_there = set(target[key][target.is_named(key)])
    file = f"{target.raw.table}.csv"
    verdicts = {}
    for cell, parts in sorted(missing.items()):
        value = next((part for part in parts if near.get(part) not in misspelt_there), "")
        if value:
            hint = f'did you mean "{near[value]}"? If not, ' if value in near else ""
            which = "" if value == cell else f': "{value}" is not'
            verdicts[cell] = f"found in {file}{which}", f"{hint}add a row for it to {file}"
    table.wrong_values(column, verdicts)


def _check_claims_of_readings(readings: CheckedTable, tables: Tables) -> None:
    """A reading names a claim that is there, in the table and from the source that it says."""
    claims = pd.concat(
        [
            tables[name].cells[["claim_id", "source_id"]].assign(table=name, file=tables[name].raw.file)
            for name in schema.CLAIM_TABLES
        ]
    ).reset_index()
    torn = set().union(*(tables[name].raw.torn for name in schema.CLAIM_TABLES))
    known = set(claims["claim_id"])
    # A claim whose number is misspelt, or used twice, is named over there.
    doubted = any(tables[name].is_named("claim_id").any() for name in schema.CLAIM_TABLES)
    lost = readings.filled("claim_id") & ~readings["claim_id"].isin(known | torn)
    if not doubted:
        readings.wrong(
            lost, "claim_id", "found in one of the claim tables", "clear it, or name the claim that came of it"
        )
    single = claims.drop_duplicates("claim_id", keep=False).set_index("claim_id")
    found = single.reindex(readings["claim_id"]).set_axis(readings.cells.index)
    there = found["table"].notna()
    other_table = there & (found["table"] != readings["table"])
    place = {claim: f"{row.file}:{row.line}" for claim, row in zip(single.index, single.itertuples(), strict=True)}
    rule = "a claim of the table named in table"
    readings.wrong(
        other_table, "claim_id", rule, lambda row: f"it stands in {place[row['claim_id']]}: correct one of the two"
    )
    other_source = (
        there & ~other_table & ~readings.is_named("source_id") & (found["source_id"] != readings["source_id"])
    )
    rule = "a claim from the same source as the reading"
    readings.wrong(
        other_source,
        "claim_id",
        lambda row: f"{rule} ({row['source_id']})",
        lambda row: f"see {place[row['claim_id']]}: correct one of the two",
    )


# --- rules across rows and tables ------------------------------------------------------------------------------------


def _check_across(tables: Tables) -> None:
    for name, (key, columns) in ONE_PER.items():
        if name in tables:
            for column in columns:
                _check_one_per(tables[name], key, column, _instruments(tables))
    for name in ("payments", "transfers"):
        if name in tables:
            _check_parts(tables[name], ONE_PER[name][0])
    claims = {name: tables[name] for name in schema.CLAIM_TABLES if name in tables}
    _check_numbered_once([*claims.values()])
    for name in ("steps", "payments", "transfers"):
        if name in tables:
            _check_episode(tables[name])
    if "sources" in tables:
        _check_publishers(tables["sources"])
        _check_days_of_sources(tables["sources"], [*claims.values()])
        for table in claims.values():
            _check_source_of_claims(table, tables["sources"])
    if len(claims) < len(schema.CLAIM_TABLES):
        return  # The claims that cannot be read may be those that use it.
    rule, fix = "at least one claim names it as source or origin", "code its claims, or delete the row"
    _check_used(tables, "sources", ("source_id", "origin_id"), rule, fix)
    rule, fix = "at least one claim is about it", "code a claim, or delete the row"
    _check_used(tables, "arrangements", ("arrangement_id",), rule, fix)


def _check_publishers(t: CheckedTable) -> None:
    """An outlet is spelt in one way: the spellings that differ from the commonest are named, all of them where none is."""
    names = t["publisher"][t.filled("publisher") & ~t.is_named("publisher")]
    spellings: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        spellings.setdefault(_bare_name(name), []).append(name)
    counts = names.value_counts()
    rules: dict[int, str] = {}
    for several in spellings.values():
        most = max(counts[name] for name in several)
        commonest = [name for name in several if counts[name] == most]
        for name in several:
            others = [other for other in (commonest if len(commonest) == 1 else several) if other != name]
            there = ", ".join(f'"{other}" in {t.place(names.index[names == other][0])}' for other in others)
            if others:
                rules |= dict.fromkeys(names.index[names == name].tolist(), f"one spelling for each outlet: {there}")
    fix = "write the outlet's own name for itself; another outlet of that name bears its country in brackets"
    t.wrong_lines("publisher", rules, fix)


def _bare_name(name: str) -> str:
    """A name without what two spellings of it may differ in: capitals, "The" at its start, punctuation and blanks."""
    words = name.casefold().removeprefix("the ")
    return "".join(sign for sign in words if unicodedata.category(sign)[0] not in "PZ") or words


def _instruments(tables: Tables) -> dict[str, str]:
    if "arrangements" not in tables:
        return {}
    cells = tables["arrangements"].cells
    return dict(zip(cells["arrangement_id"], cells["instrument"], strict=True))


def _check_one_per(t: CheckedTable, key: str, column: str, instruments: Mapping[str, str]) -> None:
    """All active claims that share ``key`` agree in ``column``: those that differ from most of them are named.

    Where there is no majority all are named, each with the place of one that differs. A blank currency says nothing,
    because it stands beside a blank amount.
    """
    rows = t.cells[t.holds("status", "active") & t.filled(key) & ~t.is_named(key, column)]
    if column == "currency":
        rows = rows[rows[column] != ""]
    rows = rows[rows.groupby(key)[column].transform("nunique") > 1]
    rules: dict[int, str] = {}
    for name, group in rows.groupby(key)[column]:
        counts = group.value_counts()
        majority = counts.index[0] if counts.iloc[0] > counts.iloc[1] else None
        for line, value in zip(group.index.tolist(), group, strict=True):
            if value != majority:
                others = group[group == majority] if majority is not None else group[group != value]
                here, there = (_worded(text, column, instruments) for text in (value, others.iloc[0]))
                rules[line] = f"the same in all claims on {name}: {there} in {t.place(others.index[0])}, {here} here"
    article = "an" if key == "act_id" else "a"
    t.wrong_lines(column, rules, f"correct the one that is wrong, or give this claim {article} {key} of its own")


def _worded(value: str, column: str, instruments: Mapping[str, str]) -> str:
    """A value as a message names it; an arrangement with its instrument, which may be what sets two claims apart."""
    instrument = instruments.get(value) if column == "arrangement_id" else None
    return f"{value} ({instrument})" if instrument else value or "blank"


def _check_parts(t: CheckedTable, key: str) -> None:
    """A part names another thing of this table and arrangement as its whole, and no thing is, by however many steps, part of
    itself. What is about no single country may have parts in many.
    """
    known = set(t[key])
    lost = t.filled("part_of") & (~t["part_of"].isin(known) | (t["part_of"] == t[key]))
    near = cell_checks.closest(sorted(set(t["part_of"][lost])), known)

    def fix(row: Row) -> str:
        found = near.get(row["part_of"])
        return f'did you mean "{found}"?' if found and found != row[key] else "clear it"

    t.wrong(lost, "part_of", f"another {key} of this table", fix)
    parts = t.cells[t.holds("status", "active") & t.filled("part_of") & ~lost & ~t.is_named("part_of", key)]
    whole_of = dict(zip(parts[key], parts["part_of"], strict=True))
    rules = {}
    for line, name in zip(parts.index.tolist(), parts[key], strict=True):
        if circle := _circle(name, whole_of):
            rules[line] = f"nothing is a part of itself: {' → '.join(circle)}"
    t.wrong_lines("part_of", rules, "correct the part_of that is wrong, or clear it")

    arrangement_of = dict(zip(t[key], t["arrangement_id"], strict=True))
    whole = parts["part_of"].map(arrangement_of).astype("str")  # also where there are no parts
    elsewhere = (whole != parts["arrangement_id"]) & ~whole.str.startswith(f"{NO_RECEIVER}-")
    rules = {line: f"of the same arrangement as its whole ({whole[line]})" for line in parts.index[elsewhere].tolist()}
    t.wrong_lines("part_of", rules, "correct the part_of or the arrangement that is wrong, or clear it")


def _circle(start: str, whole_of: Mapping[str, str]) -> list[str]:
    """The way from ``start`` by ``part_of`` back to it; empty if it ends elsewhere."""
    way = [start]
    while way[-1] in whole_of and len(way) <= len(whole_of):
        way.append(whole_of[way[-1]])
        if way[-1] == start:
            return way
    return []


def _check_numbered_once(tables: list[CheckedTable]) -> None:
    """A claim_id stands in one claim table only."""
    owner: dict[str, str] = {}
    for table in tables:
        cells = table["claim_id"]
        verdicts = {}
        for value in owner.keys() & set(cells) - {""}:
            fix = f"{owner[value]} has it too: give this row an identifier of its own"
            verdicts[value] = "used once over all claim tables", fix
        table.wrong_values("claim_id", verdicts)
        first = cells.drop_duplicates()
        owner = {value: table.place(line) for line, value in zip(first.index, first, strict=True)} | owner


def _check_episode(t: CheckedTable) -> None:
    """What an arrangement is about happened in the year it is named after, in the year before, or later."""
    year = t["arrangement_id"].str.extract("-([0-9]{4})[b-z]?$", expand=False).astype("float64")
    last = _by_value(t["date"], _year)
    early = (last < year - YEARS_BEFORE) & ~t.is_named("date", "arrangement_id")
    rule = "not more than a year before the year of its arrangement"
    t.wrong(early, "date", lambda row: f"{rule} ({row['arrangement_id']})", "correct the year, or the arrangement")


def _year(text: str) -> float:
    day = _day(text, "latest")
    return float(dt.date.fromordinal(int(day)).year) if day == day else float("nan")


def _check_used(tables: Tables, name: str, columns: tuple[str, ...], rule: str, fix: str) -> None:
    """Name the identifiers in table ``name`` that stand in none of the claims' ``columns``."""
    if name not in tables:
        return
    claims = [tables[table] for table in schema.CLAIM_TABLES]
    torn = set().union(*(table.raw.torn for table in claims))
    used = set().union(*(table[column] for table in claims for column in columns if column in table.cells))
    known = set(tables[name][columns[0]])
    # Nobody is told to delete a row because the one reference to it is misspelt.
    unused = sorted(known - used - torn)
    misspelt = used - known - {""}
    if misspelt and len(unused) * len(misspelt) > cell_checks.COMPARISONS:
        return
    near = cell_checks.closest(unused, misspelt)
    tables[name].wrong_values(columns[0], {value: (rule, fix) for value in unused if value not in near})


# --- claims and their sources ----------------------------------------------------------------------------------------


def _look_up(values: "pd.Series[str]", sources: CheckedTable) -> pd.DataFrame:
    """For each value the row of sources.csv with that source_id, with ``line``; all missing where none has it, or several."""
    cells = sources.cells
    rows = cells.assign(line=cells.index, first=sources.first_days("published"), last=sources.last_days("published"))
    once = rows.drop_duplicates("source_id", keep=False)
    return once.set_index("source_id").reindex(values).set_axis(values.index)


def _check_days_of_sources(sources: CheckedTable, claims: list[CheckedTable]) -> None:
    """A source is published, then read, then coded: no day of a source is later than the first day that leans on it."""
    for column, roles in (("read_on", ["source_id"]), ("published", ["source_id", "origin_id"])):
        leaning = [
            pd.DataFrame(
                {
                    "source_id": table[role],
                    "coded_on": table["coded_on"],
                    "coded": table.last_days("coded_on").mask(table.is_named("coded_on")),
                    "file": table.raw.file,
                    "line": table.cells.index,
                }
            )
            for table in claims
            for role in roles
        ]
        first = (
            pd.concat(leaning).sort_values("coded", kind="stable").drop_duplicates("source_id").set_index("source_id")
        )
        first = first.reindex(sources["source_id"]).set_axis(sources.cells.index)
        late = (sources.first_days(column) > first["coded"]) & ~sources.is_named(column)
        sources.wrong(
            late,
            column,
            lambda row: f"not after a claim on it was coded ({row['coded_on']}, {row['file']}:{row['line']:.0f})",
            "correct one of the two days",
            sources.cells.assign(coded_on=first["coded_on"], file=first["file"], line=first["line"]),
        )


def _check_source_of_claims(table: CheckedTable, sources: CheckedTable) -> None:
    """What a claim has to do with its source and its origin: read, held, published before, and not before what it tells."""
    source, origin = (_look_up(table[column], sources) for column in ("source_id", "origin_id"))
    found, doubted = source["line"].notna(), _doubted(sources)
    unread = found & (source["read"] == "not_seen") & ~source["line"].isin(doubted["read_on"])
    fix = "name the document this was read in; this one can be its origin"
    table.wrong(unread, "source_id", "a source that somebody read", fix)
    clear = found & ~source["line"].isin(doubted["read"] | doubted["text_sha256"])
    located, held = table.filled("locator"), source["text_sha256"].fillna("") != ""
    at = sources.raw.file + ":" + source["line"].fillna(0).astype("int64").astype("str")
    cells = table.cells.assign(held_at=at)
    table.wrong(
        clear & located & ~held,
        "locator",
        lambda row: f"only where the source's text is held (text_sha256 in {row['held_at']})",
        "clear it, or hold the text",
        cells,
    )
    table.wrong(
        clear & ~located & held,
        "locator",
        lambda row: f"filled in where the source's text is held (text_sha256 in {row['held_at']})",
        "for example p4, its fourth non-empty line",
        cells,
    )

    undated = doubted["published"] | doubted["published_basis"]
    clear = found & ~unread & origin["line"].notna() & ~source["line"].isin(undated) & ~origin["line"].isin(undated)
    cells = table.cells.assign(source_day=_day_and_place(source, sources), origin_day=_day_and_place(origin, sources))
    table.wrong(
        clear & (origin["first"] > source["last"]),
        "origin_id",
        lambda row: f"not published after the source ({row['source_day']}); this one is of {row['origin_day']}",
        "the origin came first: correct one of the two dates, or the origin",
        cells,
    )
    planned = (
        table.holds("step", "named")
        | table.holds("population", "planned", "cap")
        | table.holds("stage", "requested", "offered", "approved", "agreed")
    )
    planned |= table.is_named("step", "population", "stage")  # which of them it is, is not known
    later = clear & (table.first_days("date") > source["last"]) & ~planned & ~table.is_named("date")
    table.wrong(
        later,
        "date",
        lambda row: f"not after the source was published ({row['source_day']}), unless it is a plan",
        "read the date again, or code what is planned as planned",
        cells,
    )
    # A docket grows: its entries are documents of their own days, and an act is public from the day of its entry.
    if "act_id" in table.cells and "effect" in table.cells:
        told_wrongly = later | table.holds("doubtful", "true") | table.is_named("date")
        later = clear & (table.first_days("date") > origin["last"]) & ~told_wrongly
        table.wrong(
            later,
            "date",
            lambda row: f"not after the origin was published ({row['origin_day']})",
            "name the document that first told of it as the origin, such as the docket's entry of that day",
            cells,
        )


def _doubted(sources: CheckedTable) -> dict[str, set[int]]:
    """Column → lines of the sources that an earlier layer named there."""
    return {column: sources.named.get(column, set()) for column in schema.columns("sources")}


def _day_and_place(found: pd.DataFrame, sources: CheckedTable) -> "pd.Series[str]":
    """When each source was published, and the line that says so."""
    line = found["line"].fillna(0).astype("int64").astype("str")
    return found["published"].fillna("") + ", " + sources.raw.file + ":" + line
