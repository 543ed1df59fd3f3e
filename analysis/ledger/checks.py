"""Everything that can be wrong with the ledger, found at once, each with file, line, column, value, rule and fix.

Three layers: the file (``files.read_raw``), the cell (``cells``, with the keys of ``datapackage.json``), and the
rules across cells, rows and tables. Where two layers see the same cell, the first to name it speaks: its message is
the more precise one. Nothing is said about what only follows from another fault, such as the claims of a source whose
row is torn. A rule looks at whole columns; words are found only for the rows that break it.
"""

from functools import partial

import numpy as np

from analysis.ledger import cell_checks, files, schema
from analysis.values import countries, dates, paths


class Table:
    """The columns of one file, and which of its cells are already named: a layer is silent about those.

    What a layer names counts from the next layer on (:meth:`settle`), so that it can say two things about one cell.
    """

    def __init__(self, raw):
        self.raw = raw
        self.named = {}
        self.fresh = []
        self.spans = {}

    def __getitem__(self, column):
        return self.raw[column]

    def filled(self, column):
        return self[column].each(bool)

    def holds(self, column, *values):
        """Rows with one of ``values`` in ``column``; none where the table has no such column."""
        known = column in self.raw.header
        return self[column].each(values.__contains__) if known else np.zeros(len(self.raw), bool)

    def days(self, column, end):
        """The ``earliest`` or ``latest`` day of the dates in ``column`` as a number; NaN where it is open or unknown."""
        if (column, end) not in self.spans:
            self.spans[column, end] = self[column].each(partial(_day, end=end), float)
        return self.spans[column, end]

    def doubtful(self, *columns):
        """Rows of which an earlier layer named one of ``columns``."""
        none = np.zeros(len(self.raw), bool)
        return np.logical_or.reduce([self.named.get(column, none) for column in columns])

    def wrong(self, rows, column, rule, fix):
        """Name the cells of ``column`` in ``rows``, a mask or numbers; rule and fix are texts or functions of a row."""
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows
        rows = rows[~self.doubtful(column)[rows]]
        for row in rows:
            said = [text(row) if callable(text) else text for text in (rule, fix)]
            self.raw.wrong(self.raw.lines[row], *said, column, self[column][row])
        self.fresh.append((column, rows))

    def wrong_values(self, column, verdicts):
        """Name every cell of ``column`` whose value has a verdict."""
        if verdicts:
            cell = self[column]
            rows = cell.each(verdicts.__contains__)
            self.wrong(rows, column, lambda row: verdicts[cell[row]][0], lambda row: verdicts[cell[row]][1])

    def settle(self):
        for column, rows in self.fresh:
            self.named.setdefault(column, np.zeros(len(self.raw), bool))[rows] = True
        self.fresh = []


def check(folder=paths.DATA):
    """All problems of the ledger in ``folder``, in the order of files and lines. Empty if there are none."""
    return problems(files.read_all(folder))


def problems(raws):
    """The same of tables already read (``files.read_all``)."""
    readable = {name: raw for name, raw in raws.items() if len(raw) or not raw.problems}
    whole = {t: raw for t, raw in readable.items() if all(raw.header.count(c) == 1 for c in schema.columns(t))}
    tables = {name: Table(raw) for name, raw in whole.items()}
    for name, table in tables.items():
        _cells(name, table)
        table.settle()
    for name, table in tables.items():
        _row(name, table)
    _references(tables)
    for table in tables.values():
        table.settle()
    _across(tables)
    order = {raw.file: number for number, raw in enumerate(raws.values())}
    found = {problem for raw in raws.values() for problem in raw.problems}
    return sorted(found, key=lambda p: (order[p.file], p.line, p.column, p.rule, p.fix))


def _cells(name, table):
    for column, spec in schema.fields(name).items():
        cell = table[column]
        odd = cell_checks.strange(name, column, cell.values)
        table.wrong_values(column, odd)
        rest = [value for value in cell.values if value not in odd] if odd else cell.values
        table.wrong_values(column, cell_checks.unfit(name, column, rest))
        if spec.get("constraints", {}).get("unique") and len(cell.values) < len(cell):
            again = cell.each(lambda value, odd=odd: value != "" and value not in odd)
            again[cell.first_rows] = False
            table.wrong(again, column, "used once", "give this row an identifier of its own")


# --- rules within a row ----------------------------------------------------------------------------------------------


def _row(name, table):
    if name == "sources":
        _source(table)
    elif name == "arrangements":
        _arrangement(table)
    elif name in schema.CLAIM_TABLES:
        _claim(table)
    for owner, low, high in (
        ("payments", "amount_min", "amount_max"),
        ("transfers", "people_min", "people_max"),
        ("tallies", "count_min", "count_max"),
    ):
        if name == owner:
            above = table[low].each(_number, float) > table[high].each(_number, float)
            fix = "swap them, or read the source again"
            table.wrong(above, low, lambda row, high=high: f"not above {high} ({table[high][row]})", fix)
    if name == "payments":
        amounts, currency = table.filled("amount_min") | table.filled("amount_max"), table.filled("currency")
        table.wrong(amounts & ~currency, "currency", "an amount has a currency", "for example USD")
        fix = "leave it blank, or fill in the amount"
        table.wrong(currency & ~amounts, "currency", "a currency has an amount", fix)


def _source(t):
    dated, unknown = t.filled("published"), t.holds("published_basis", "unknown")
    t.wrong(dated & unknown, "published_basis", "unknown only where published is blank", "write stated or computed")
    fix = "write unknown, or fill in published"
    t.wrong(~dated & ~unknown, "published_basis", "unknown where published is blank", fix)
    unseen, day = t.holds("read", "not_seen"), t.filled("read_on")
    t.wrong(unseen & day, "read_on", "blank for a source that was not seen", "clear it, or correct read")
    t.wrong(~unseen & ~day, "read_on", "filled in for a source that was read", "the day of reading, YYYY-MM-DD")
    held = t.filled("text_sha256") & ~t.holds("read", "full")
    t.wrong(held, "text_sha256", "only for a text held whole", "clear it, or correct read")


def _arrangement(t):
    name, receiver = t["arrangement_id"], t["receiver"]
    itself = t.filled("sender") & (t["sender"].found_in(receiver) == receiver.codes)
    t.wrong(itself, "receiver", "not the sender itself", "the state that receives the people, or blank")
    # A receiver that is itself in doubt says nothing about the identifier.
    clear = receiver.each(lambda code: code == "" or code in countries.table()) & ~itself & t.filled("arrangement_id")
    start = receiver.each(lambda code: f"{code.lower() or 'any'}-", object)
    begins = name.each(lambda value: "".join(value.partition("-")[:2]), object)
    fix = "rename it here and in the claims, or correct the receiver"
    other = clear & (begins != start)
    t.wrong(other, "arrangement_id", lambda row: f'begins with "{start[row]}", after its receiver', fix)


def _claim(t):
    date, basis = t.filled("date"), t.filled("date_basis")
    t.wrong(date & ~basis, "date_basis", "filled in where date is", "write stated, computed or bounded")
    t.wrong(basis & ~date, "date_basis", "blank where date is", "clear it, or fill in date")
    status, silent = t["status"], t.holds("status", "superseded", "withdrawn") & ~t.filled("note")
    fix = "name the row that replaces it, or the reason"
    t.wrong(silent, "note", lambda row: f"a {status[row]} row says why", fix)
    coded, clear = t["coded_on"], ~t.doubtful("checked_on", "coded_on")
    early = clear & (t.days("checked_on", "earliest") < t.days("coded_on", "earliest"))
    t.wrong(early, "checked_on", lambda row: f"not before coded_on ({coded[row]})", "correct one of the two")


def _day(text, end):
    try:
        day = getattr(dates.parse(text), end) if text else None
    except ValueError:
        day = None
    return day.toordinal() if day else np.nan


def _number(text):
    return float(text) if cell_checks.PLAIN_NUMBER["number"].fullmatch(text) else np.nan


# --- rules across rows and tables ------------------------------------------------------------------------------------


def _references(tables):
    for resource in schema.package()["resources"]:
        for key in resource["schema"].get("foreignKeys", []):
            column, target, name = key["fields"], key["reference"]["resource"], key["reference"]["fields"]
            if resource["name"] in tables and target in tables:
                known, torn = tables[target][name].places, tables[target].raw.torn
                values = tables[resource["name"]][column].values
                lost = sorted(set(values).difference(known, torn, [""]))
                verdicts = _lost(lost, tables[target], target, name) if lost else {}
                tables[resource["name"]].wrong_values(column, verdicts)


def _lost(values, table, target, name):
    """Value → verdict for references that lead nowhere, but for those to an identifier that is misspelt over there."""
    nearest, verdicts = cell_checks.Nearest(table[name].values), {}
    doubtful = set(np.array(table[name].values, object)[table[name].codes[table.doubtful(name)]])
    for value in values:
        near = nearest(value)
        if near not in doubtful:
            hint = f'did you mean "{near}"? If not, ' if near else ""
            verdicts[value] = f"found in {target}.csv", f"{hint}add a row for it to {target}.csv"
    return verdicts


def _across(tables):
    for name, key in (("payments", "payment_id"), ("transfers", "transfer_id")):
        if name in tables:
            _parts(tables[name], key)
    claims = {name: tables[name] for name in schema.CLAIM_TABLES if name in tables}
    _numbered_once([*claims.values()])
    if "sources" in tables:
        for table in claims.values():
            _sourced(table, tables["sources"])
    if len(claims) < len(schema.CLAIM_TABLES):
        return  # The claims that cannot be read may be those that use it.
    torn = set().union(*(table.raw.torn for table in claims.values()))
    rule, fix = "at least one claim names it as source or origin", "code its claims, or delete the row"
    _used("sources", ("source_id", "origin_id"), rule, fix, tables, torn)
    rule, fix = "at least one claim is about it", "code a claim, or delete the row"
    _used("arrangements", ("arrangement_id",), rule, fix, tables, torn)


def _parts(table, key):
    part, whole = table["part_of"], table[key]
    nearest = cell_checks.Nearest(whole.values)
    lost = part.found_in(whole)
    rows = np.flatnonzero(table.filled("part_of") & ((lost < 0) | (lost == whole.codes)))

    def fix(row):
        near = nearest(part[row], other_than=whole[row])
        return f'did you mean "{near}"?' if near else "clear it"

    table.wrong(rows, "part_of", f"another {key} of this table", fix)


def _numbered_once(tables):
    owner = {}
    for table in tables:
        verdicts = {}
        for value in owner.keys() & set(table["claim_id"].values):
            raw = owner[value].raw
            line = raw.lines[raw["claim_id"].first_rows[raw["claim_id"].places[value]]]
            fix = f"{raw.file}:{line} has it too: give this row an identifier of its own"
            verdicts[value] = "used once over all claim tables", fix
        table.wrong_values("claim_id", verdicts)
        owner = dict.fromkeys(table["claim_id"].values, table) | owner


def _used(name, columns, rule, fix, tables, torn):
    """Name the identifiers in table ``name`` that stand in none of the claims' ``columns``."""
    if name in tables:
        claims = [tables[table].raw for table in schema.CLAIM_TABLES]
        used = set().union(*(raw[column].values for raw in claims for column in columns if column in raw.header))
        known = set(tables[name][columns[0]].values)
        # Nobody is told to delete a row because the one reference to it is misspelt.
        misspelt = cell_checks.Nearest(used - known)
        unused = [value for value in sorted(known - used - torn) if not misspelt(value)]
        tables[name].wrong_values(columns[0], dict.fromkeys(unused, (rule, fix)))


def _rows_of(cell, keys):
    """For each cell the row of its key; -1 where no row has it, or several: none of those can be held against a claim."""
    row = np.where(np.bincount(keys.codes, minlength=len(keys.values)) == 1, keys.first_rows, -1)
    return np.append(row, -1)[cell.found_in(keys)]


def _planned(table):
    return (
        table.holds("step", "named")
        | table.holds("population", "planned", "cap")
        | table.holds("stage", "requested", "offered", "approved", "agreed")
    )


def _sourced(table, sources):
    """What a claim has to do with its source and its origin."""
    source, origin = (_rows_of(table[column], sources["source_id"]) for column in ("source_id", "origin_id"))
    rows = np.flatnonzero(source >= 0)
    unread = (sources.holds("read", "not_seen") & ~sources.doubtful("read_on"))[source[rows]]
    fix = "name the document this was read in; this one can be its origin"
    table.wrong(rows[unread], "source_id", "a source that somebody read", fix)
    clear = rows[~sources.doubtful("read", "text_sha256")[source[rows]]]
    located, held = table.filled("locator")[clear], sources.filled("text_sha256")[source[clear]]
    rule = "only where the source's text is held (text_sha256)"
    table.wrong(clear[located & ~held], "locator", rule, "clear it, or hold the text")
    rule = "filled in where the source's text is held"
    table.wrong(clear[~located & held], "locator", rule, "for example p4, its fourth non-empty line")

    dated = ~sources.doubtful("published", "published_basis")
    rows = rows[(origin[rows] >= 0) & dated[source[rows]] & dated[origin[rows]]]
    published = sources["published"]
    first, last = sources.days("published", "earliest"), sources.days("published", "latest")
    table.wrong(
        rows[first[origin[rows]] > last[source[rows]]],
        "origin_id",
        lambda row: (
            f"not published after the source ({published[source[row]]}); this one is of {published[origin[row]]}"
        ),
        "the origin came first: correct one of the two dates, or the origin",
    )
    later = (table.days("date", "earliest")[rows] > last[source[rows]]) & ~_planned(table)[rows]
    table.wrong(
        rows[later],
        "date",
        lambda row: f"not after the source was published ({published[source[row]]}), unless it is a plan",
        "read the date again, or code what is planned as planned",
    )
