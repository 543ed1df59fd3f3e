"""Everything that can be wrong with the ledger, found at once, each with file, line, column, value, rule and fix.

Three layers: the file (``ledger.read_raw``), the cell (here for what spreadsheets do to cells; frictionless against
``datapackage.json`` for types, codes, patterns, keys and references), and the rules across rows. Where two layers
see the same cell, the first to name it speaks: its message is the more precise one.
"""

import datetime as dt
import difflib
import re
from dataclasses import dataclass

import pycountry

from analysis import codebook, dates, ledger, paths, places

SPACES = re.compile(r"[\u00a0\u2000-\u200b\u202f\u2060\u3000\ufeff]")
SMART = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "′": "'", "″": '"'})
PLAIN_NUMBER = {"integer": re.compile(r"\d+"), "number": re.compile(r"\d+(\.\d+)?")}
EDTF_COLUMNS = {"date", "published"}
DAY_COLUMNS = {"read_on", "coded_on", "checked_on"}
PLACE_COLUMNS = {"sender", "receiver", "payer", "payee", "nationalities"}
PARTIES = {"person", "organisation"}


@dataclass
class Row:
    """One row of a table as a dict of text cells, able to say what is wrong with itself."""

    raw: ledger.Raw
    cells: dict

    def __getitem__(self, column):
        return self.cells.get(column, "")

    def wrong(self, column, rule, fix, value=None):
        self.raw.wrong(self.cells["line"], rule, fix, column, self[column] if value is None else value)


def check(folder=paths.DATA):
    """All problems of the ledger in ``folder``, in the order of files and lines. Empty if there are none."""
    raws = {table: ledger.read_raw(table, folder) for table in codebook.TABLES}
    readable = {table: raw for table, raw in raws.items() if not raw.problems or raw.rows}
    whole = {t: raw for t, raw in readable.items() if sorted(raw.header) == sorted(codebook.columns(t))}
    rows = {t: [Row(raw, record) for record in raw.records()] for t, raw in whole.items()}
    for table, table_rows in rows.items():
        for row in table_rows:
            _cells(table, row)
    _schema(whole)
    for table, table_rows in rows.items():
        for row in table_rows:
            _row(table, row)
    if set(rows) == set(codebook.TABLES):
        _across(rows)
    order = {raws[table].file: number for number, table in enumerate(codebook.TABLES)}
    problems = {problem for raw in raws.values() for problem in raw.problems}
    return sorted(problems, key=lambda p: (order[p.file], p.line, p.column, p.rule, p.fix))


# --- cells -----------------------------------------------------------------------------------------------------------


def _cells(table, row):
    for column, spec in codebook.fields(table).items():
        value = row[column]
        if value == "":
            continue
        if _text(row, column, value):
            continue
        if spec["type"] in PLAIN_NUMBER:
            _number(row, column, value, spec["type"])
        elif column in EDTF_COLUMNS:
            _date(row, column, value)
        elif column in DAY_COLUMNS:
            _day(row, column, value)
        elif column in PLACE_COLUMNS:
            _place(row, column, value)
        elif "categories" in spec:
            _code(row, column, value, codebook.codes(table, column))
        elif column == "currency" and not pycountry.currencies.get(alpha_3=value):
            row.wrong(
                column,
                "an ISO 4217 code",
                _guess(value.upper(), [c.alpha_3 for c in pycountry.currencies], "for example USD"),
            )
        elif column == "language" and not pycountry.languages.get(alpha_2=value):
            found = pycountry.languages.get(name=value.title())
            hint = f'did you mean "{found.alpha_2}"?' if hasattr(found, "alpha_2") else "for example en"
            row.wrong(column, "an ISO 639-1 code", hint)
        elif column == "url" and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", value):
            row.wrong(
                column, "an address that begins with http:// or https://", "copy it from the browser's address line"
            )


def _text(row, column, value):
    if SPACES.search(value):
        row.wrong(column, "no non-breaking or other special spaces", f'write "{SPACES.sub(" ", value).strip()}"')
    elif value != value.strip():
        row.wrong(column, "no space at the start or end of a cell", f'write "{value.strip()}"')
    elif re.search(r"[\x00-\x1f\x7f]", value):
        row.wrong(column, "no line break, tab or control character in a cell", f'write "{" ".join(value.split())}"')
    elif "  " in value:
        row.wrong(column, "no double spaces", f'write "{" ".join(value.split())}"')
    elif value.translate(SMART) != value:
        row.wrong(column, "straight quotes and apostrophes only", f'write "{value.translate(SMART)}"')
    else:
        return False
    return True


def _number(row, column, value, kind):
    if PLAIN_NUMBER[kind].fullmatch(value):
        return
    rule = "a whole number in plain digits" if kind == "integer" else "a number in plain digits"
    plain = value.replace(",", "").replace(" ", "").lstrip("$€£~")
    if plain.startswith("-"):
        row.wrong(column, "not negative", "leave it blank if not reported")
    elif re.fullmatch(r"\d+(\.\d+)?[eE][+-]?\d+", plain):
        row.wrong(column, rule, f"write {int(float(plain))}, if nothing was lost when it was shortened")
    elif kind == "integer" and re.fullmatch(r"\d+\.0+", plain):
        row.wrong(column, rule, f"write {plain.split('.')[0]}")
    elif re.fullmatch(r"\d+(\.\d+)?", plain) and (kind == "number" or plain.isdecimal()):
        row.wrong(column, rule, f"write {plain}")
    else:
        row.wrong(column, rule, 'write digits only; keep words such as "dozens" in wording')


def _date(row, column, value):
    try:
        dates.parse(value)
    except ValueError as error:
        near = dates.suggest(value)
        row.wrong(
            column,
            f"a date in EDTF ({error})",
            f"did you mean {near}?"
            if near and near != value
            else "for example 2025, 2025-05, 2025-05-06 or ../2025-05-06",
        )


def _day(row, column, value):
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError("not of the form YYYY-MM-DD")
        dt.date.fromisoformat(value)
    except ValueError as error:
        near = dates.suggest(value)
        row.wrong(
            column, f"a day ({error})", f"did you mean {near}?" if near and near != value else "for example 2025-05-06"
        )


def _place(row, column, value):
    for code in value.split(";") if column == "nationalities" else [value]:
        if code in places.table() or (column in ("payer", "payee") and code in PARTIES):
            continue
        near = places.nearest(code)
        hint = f'did you mean "{near}" ({places.name(near)})?' if near else "see data/reference/places.csv"
        extra = ", person or organisation" if column in ("payer", "payee") else ""
        row.wrong(column, f"an ISO 3166-1 alpha-3 code{extra} (XKX for Kosovo)", hint)


def _code(row, column, value, known):
    if value in known:
        return
    by_label = {label.casefold(): code for code, label in known.items()} | {code.casefold(): code for code in known}
    near = difflib.get_close_matches(value.casefold(), by_label, n=1, cutoff=0.5)
    hint = f'did you mean "{by_label[near[0]]}"?' if near else "see data/CODEBOOK.md"
    row.wrong(column, f"one of {', '.join(known)}", hint)


def _guess(value, known, otherwise):
    near = difflib.get_close_matches(value, known, n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else otherwise


# --- the schema, by frictionless --------------------------------------------------------------------------------------


def _schema(raws):
    # Imported here: a ledger whose files cannot be read does not need it, and it takes longer than the rest together.
    from frictionless import Package, Resource, Schema, system

    resources = []
    for descriptor in codebook.package()["resources"]:
        if raw := raws.get(descriptor["name"]):
            columns = [field["name"] for field in descriptor["schema"]["fields"]]
            place = [raw.header.index(column) for column in columns]
            data = [columns, *([row[i] for i in place] for row in raw.rows)]
            schema = dict(descriptor["schema"])
            keys = [key for key in schema.get("foreignKeys", []) if key["reference"]["resource"] in raws]
            schema = {k: v for k, v in schema.items() if k != "foreignKeys"} | ({"foreignKeys": keys} if keys else {})
            resources.append(Resource(name=descriptor["name"], data=data, schema=Schema.from_descriptor(schema)))
    if not resources:
        return
    with system.use_context(trusted=True):
        report = Package(resources=resources).validate(limit_errors=1_000_000)
    for task in report.tasks:
        raw = raws[task.name]
        records = raw.records()
        named = {(problem.line, problem.column) for problem in raw.problems}
        for error in task.errors:
            record = records[error.row_number - 2] if getattr(error, "row_number", None) else None
            if record is None:
                raw.wrong(0, "the table fits its schema", error.message)
                continue
            for column, rule, fix in _worded(error, task.name, raws):
                if (record["line"], column) not in named:
                    raw.wrong(record["line"], rule, fix, column, record[column])


def _worded(error, table, raws):
    """(column, rule, fix) of one frictionless error in the words of this project."""
    kind = error.type
    if kind == "foreign-key":
        for column in error.field_names:
            target = error.reference_name
            key = error.reference_field_names[0]
            known = [record[key] for record in raws[target].records()]
            value = error.cells[codebook.columns(table).index(column)]
            yield column, f"found in {target}.csv", _guess(value, known, f"add a row for it to {target}.csv")
    elif kind in ("unique-error", "primary-key"):
        column = getattr(error, "field_name", None) or codebook.columns(table)[0]
        yield column, "used once", "give this row an identifier of its own"
    else:
        column = error.field_name
        constraints = codebook.fields(table)[column].get("constraints", {})
        if kind == "constraint-error" and "required" in error.note:
            yield column, "not blank", "fill it in; if the source does not say, the row cannot be coded yet"
        elif kind == "constraint-error" and "pattern" in constraints:
            yield column, f"of the form {constraints['pattern']}", "see data/CODEBOOK.md"
        else:
            yield column, error.note, "see data/CODEBOOK.md"


# --- rules within a row and across rows -------------------------------------------------------------------------------


def _span(text):
    try:
        return dates.parse(text) if text else dates.Span(None, None)
    except ValueError:
        return dates.Span(None, None)


def _number_of(text):
    return float(text) if PLAIN_NUMBER["number"].fullmatch(text) else None


def _row(table, row):
    if table == "sources":
        _source(row)
    elif table == "arrangements":
        _arrangement(row)
    else:
        _claim(row)
    for low, high in (("amount_min", "amount_max"), ("people_min", "people_max"), ("count_min", "count_max")):
        bounds = _number_of(row[low]), _number_of(row[high])
        if None not in bounds and bounds[0] > bounds[1]:
            row.wrong(low, f"not above {high} ({row[high]})", "swap them, or read the source again")
    if table == "payments":
        amounts = row["amount_min"] or row["amount_max"]
        if amounts and not row["currency"]:
            row.wrong("currency", "an amount has a currency", "for example USD")
        if row["currency"] and not amounts:
            row.wrong("currency", "a currency has an amount", "leave it blank, or fill in the amount")


def _source(row):
    if (row["published"] == "") != (row["published_basis"] == "unknown"):
        row.wrong("published_basis", "unknown if and only if published is blank", "fill in published, or write unknown")
    if row["read"] == "not_seen" and row["read_on"]:
        row.wrong("read_on", "blank for a source that was not seen", "clear it, or correct read")
    if row["read"] != "not_seen" and not row["read_on"]:
        row.wrong("read_on", "filled in for a source that was read", "the day of reading, YYYY-MM-DD")
    if row["read"] != "full" and row["text_sha256"]:
        row.wrong("text_sha256", "only for a text held whole", "clear it, or correct read")


def _arrangement(row):
    if row["sender"] and row["sender"] == row["receiver"]:
        row.wrong("receiver", "not the sender itself", "the state that receives the people, or blank")
    start = f"{row['receiver'].lower() or 'any'}-"
    if row["arrangement_id"] and not row["arrangement_id"].startswith(start):
        row.wrong("arrangement_id", f'begins with "{start}", after its receiver', "rename it here and in the claims")


def _claim(row):
    if (row["date"] == "") != (row["date_basis"] == ""):
        row.wrong("date_basis", "filled in if and only if date is", "stated, computed or bounded; or clear both")
    if row["status"] in ("superseded", "withdrawn") and not row["note"]:
        row.wrong("note", f"a {row['status']} row says why", "name the row that replaces it, or the reason")
    if len(row["wording"].split()) > codebook.MAX_WORDING:
        row.wrong("wording", f"at most {codebook.MAX_WORDING} words", "keep only the verb or the number")
    if row["checked_on"] and row["coded_on"] and row["checked_on"] < row["coded_on"]:
        row.wrong("checked_on", f"not before coded_on ({row['coded_on']})", "correct the earlier of the two")


def _planned(row):
    return (
        row["step"] == "named"
        or row["population"] in ("planned", "cap")
        or row["stage"] in ("requested", "offered", "approved", "agreed")
    )


def _across(rows):
    sources = {row["source_id"]: row for row in rows["sources"]}
    used_sources, used_arrangements, seen = set(), set(), {}
    for table in codebook.CLAIM_TABLES:
        for row in rows[table]:
            used_sources |= {row["source_id"], row["origin_id"]}
            used_arrangements.add(row["arrangement_id"])
            first = seen.setdefault(row["claim_id"], row)
            if first is not row and first.raw is not row.raw:
                rule = f"used once over all claim tables; {first.raw.file}:{first['line']} has it too"
                row.wrong("claim_id", rule, "give this row an identifier of its own")
            if row["source_id"] in sources and row["origin_id"] in sources:
                _sourced(row, sources[row["source_id"]], sources[row["origin_id"]])
    for name, row in sources.items():
        if name not in used_sources:
            row.wrong(
                "source_id", "at least one claim names it as source or origin", "code its claims, or delete the row"
            )
    for row in rows["arrangements"]:
        if row["arrangement_id"] not in used_arrangements:
            row.wrong("arrangement_id", "at least one claim is about it", "code a claim, or delete the row")


def _sourced(row, source, origin):
    published, first = _span(source["published"]), _span(origin["published"])
    if source["read"] == "not_seen":
        row.wrong(
            "source_id", "a source that somebody read", "name the document this was read in; this one can be its origin"
        )
    if row["locator"] and not source["text_sha256"]:
        row.wrong("locator", "only where the source's text is held (text_sha256)", "clear it, or hold the text")
    if not row["locator"] and source["text_sha256"]:
        row.wrong("locator", "filled in where the source's text is held", "for example p4, its fourth non-empty line")
    if first.latest is None and published.latest is None:
        row.wrong("origin_id", "the day on which the claim became known can be told", "date the origin or the source")
    if first.earliest and published.latest and first.earliest > published.latest:
        rule = f"not published after the source ({source['published']}); this one is of {origin['published']}"
        row.wrong("origin_id", rule, "the origin came first: correct one of the two dates, or the origin")
    day = _span(row["date"]).earliest
    if day and published.latest and day > published.latest and not _planned(row):
        rule = f"not after the source was published ({source['published']}), unless it is a plan"
        row.wrong("date", rule, "read the date again, or code what is planned as planned")
