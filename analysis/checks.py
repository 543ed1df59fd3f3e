"""Everything that can be wrong with the ledger, found at once, each with file, line, column, value, rule and fix.

Three layers: the file (``ledger.read_raw``), the cell (here for what spreadsheets do to cells; frictionless against
``datapackage.json`` for types, codes, patterns and keys), and the rules across rows. Where two
layers see the same cell, the first to name it speaks: its message is the more precise one. Nothing is said about what
only follows from another fault, such as the claims of a source whose row is torn.
"""

import difflib
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pycountry

from analysis import codebook, dates, ledger, paths, places

SPACES = re.compile(r"[\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u3000]")
INVISIBLE = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
SMART = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "′": "'", "″": '"'})
PLAIN_NUMBER = {"integer": re.compile(r"[0-9]+"), "number": re.compile(r"[0-9]+(\.[0-9]+)?")}
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EDTF_COLUMNS = {"date", "published"}
DAY_COLUMNS = {"read_on", "coded_on", "checked_on"}
PLACE_COLUMNS = {"sender", "receiver", "payer", "payee", "nationalities"}
PARTIES = {"person", "organisation"}
CURRENCY_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP"}
IDENTIFIER = "[a-z0-9_]+(-[a-z0-9_]+)*"
FORMS = {
    "claim_id": ("the letter c and five digits", "for example c00042"),
    "locator": ("the letter p and a number", "for example p4, the fourth non-empty line of the text held"),
    "text_sha256": ("64 digits, 0 to 9 and a to f", "copy the SHA-256 of the text again"),
}


@dataclass
class Row:
    """One row of a table as a dict of text cells, able to say what is wrong with itself."""

    raw: ledger.Raw
    cells: dict
    judged: set = field(default_factory=set)

    def __getitem__(self, column):
        return self.cells.get(column, "")

    def wrong(self, column, rule, fix):
        if column not in self.judged:
            self.raw.wrong(self["line"], rule, fix, column, self[column])


def check(folder=paths.DATA):
    """All problems of the ledger in ``folder``, in the order of files and lines. Empty if there are none."""
    tables = [*codebook.TABLES]
    if (Path(folder) / f"{codebook.READINGS}.csv").exists():
        tables.append(codebook.READINGS)
    raws = {table: ledger.read_raw(table, folder) for table in tables}
    readable = {table: raw for table, raw in raws.items() if not raw.problems or raw.rows}
    whole = {t: raw for t, raw in readable.items() if all(raw.header.count(c) == 1 for c in codebook.columns(t))}
    rows = {t: [Row(raw, record) for record in raw.records()] for t, raw in whole.items()}
    for table, table_rows in rows.items():
        for row in table_rows:
            _cells(table, row)
    _schema(whole)
    _judge(rows, whole)
    for table, table_rows in rows.items():
        for row in table_rows if table in codebook.TABLES else []:
            _row(table, row)
    _references(rows, whole)
    _judge(rows, whole)
    _across(rows, whole)
    order = {raws[table].file: number for number, table in enumerate(tables)}
    problems = {problem for raw in raws.values() for problem in raw.problems}
    return sorted(problems, key=lambda p: (order[p.file], p.line, p.column, p.rule, p.fix))


def _judge(rows, raws):
    for table, table_rows in rows.items():
        named = {(problem.line, problem.column) for problem in raws[table].problems}
        for row in table_rows:
            row.judged = {column for column in row.cells if (row["line"], column) in named}


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
        elif column == "currency":
            _currency(row, column, value)
        elif column == "language":
            _language(row, column, value)
        elif column == "url" and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", value):
            row.wrong(
                column,
                "an address without spaces that begins with http:// or https://",
                "copy it from the browser's address line",
            )


def _text(row, column, value):
    clean = " ".join(SPACES.sub(" ", INVISIBLE.sub("", value)).translate(SMART).split())
    if codebook.fields(row.raw.table)[column]["type"] in PLAIN_NUMBER:
        clean = _ungrouped(clean)
    for broken, rule in (
        (SPACES.search(value) or INVISIBLE.search(value), "no non-breaking or other special spaces"),
        (value != value.strip(), "no space at the start or end of a cell"),
        (re.search(r"[\x00-\x1f\x7f]", value), "no line break, tab or control character in a cell"),
        ("  " in value, "no double spaces"),
        (value.translate(SMART) != value, "straight quotes and apostrophes only"),
    ):
        if broken:
            row.wrong(column, rule, f'write "{clean}"' if clean else "clear it")
            return True
    return False


def _ungrouped(number):
    grouped = re.fullmatch(r"[0-9]{1,3}([, ][0-9]{3})+(\.[0-9]+)?", number)
    return number.replace(",", "").replace(" ", "") if grouped else number


def _number(row, column, value, kind):
    if PLAIN_NUMBER[kind].fullmatch(value):
        return
    rule = "a whole number in plain digits" if kind == "integer" else "a number in plain digits"
    plain = _ungrouped(value.lstrip("$€£~"))
    if re.match(r"[-−][0-9]", plain):
        row.wrong(column, "not negative", "leave it blank if not reported")
    elif re.fullmatch(r"[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,2}", plain) and float(plain).is_integer():
        row.wrong(column, rule, f"write {int(float(plain))}, if nothing was lost when it was shortened")
    elif kind == "integer" and re.fullmatch(r"[0-9]+\.0+", plain):
        row.wrong(column, rule, f"write {plain.split('.')[0]}")
    elif PLAIN_NUMBER[kind].fullmatch(plain):
        row.wrong(column, rule, f"write {plain}")
    elif any(character.isalpha() for character in value):
        row.wrong(column, rule, 'write digits only; keep words such as "dozens" in wording')
    else:
        row.wrong(column, rule, "write digits only, or leave it blank if not reported")


def _date(row, column, value):
    try:
        dates.parse(value)
    except ValueError as error:
        near = _near(value)
        example = "for example 2025, 2025-05, 2025-05-06 or ../2025-05-06"
        row.wrong(column, f"a date in EDTF ({error})", f"did you mean {near}?" if near else example)


def _day(row, column, value):
    try:
        if not DAY.fullmatch(value):
            raise ValueError("not of the form YYYY-MM-DD")
        dates.parse(value)
    except ValueError as error:
        near = _near(value)
        hint = f"did you mean {near}?" if near and DAY.match(near) else "for example 2025-05-06"
        row.wrong(column, f"a day ({error})", hint)


def _near(value):
    """What a mangled date may have been, or ``None``: no reading is offered that is not itself a date."""
    near = dates.suggest(value)
    try:
        for reading in (near or "").split(" (")[0].split(" or "):
            dates.parse(reading)
    except ValueError:
        return None
    return near


def _place(row, column, value):
    if column == "nationalities":
        return _nationalities(row, column, value)
    parties = PARTIES if column in ("payer", "payee") else ()
    if value in places.table() or value in parties:
        return None
    rule = f"an ISO 3166-1 alpha-3 code (XKX for Kosovo){', person or organisation' if parties else ''}"
    if party := difflib.get_close_matches(value.casefold(), parties, n=1, cutoff=0.7):
        return row.wrong(column, rule, f'did you mean "{party[0]}"?')
    near = places.nearest(value)
    hint = f'did you mean "{near}" ({places.name(near)})?' if near else "see data/reference/places.csv"
    return row.wrong(column, rule, hint)


def _nationalities(row, column, value):
    if all(code in places.table() for code in value.split(";")):
        return
    parts = [part.strip() for part in re.split("[;,/]", value) if part.strip()]
    near = [part if part in places.table() else places.nearest(part) for part in parts]
    hint = f'did you mean "{";".join(near)}"?' if near and None not in near else "see data/reference/places.csv"
    row.wrong(column, "ISO 3166-1 alpha-3 codes (XKX for Kosovo) with a semicolon between them", hint)


def _code(row, column, value, known):
    if value in known:
        return
    by_label = {label.casefold(): code for code, label in known.items()} | {code.casefold(): code for code in known}
    near = difflib.get_close_matches(value.casefold(), by_label, n=1, cutoff=0.5)
    hint = f'did you mean "{by_label[near[0]]}"?' if near else "see data/CODEBOOK.md"
    row.wrong(column, f"one of {', '.join(known)}", hint)


def _currency(row, column, value):
    known = [currency.alpha_3 for currency in pycountry.currencies]
    if value not in known:
        near = difflib.get_close_matches(CURRENCY_SIGNS.get(value, value.upper()), known, n=1, cutoff=0.6)
        row.wrong(column, "an ISO 4217 code", f'did you mean "{near[0]}"?' if near else "for example USD")


def _language(row, column, value):
    found = (pycountry.languages.get(**{key: value}) for key in ("alpha_2", "alpha_3", "name"))
    known = next((language.alpha_2 for language in found if hasattr(language, "alpha_2")), "")
    if known != value:
        row.wrong(column, "an ISO 639-1 code", f'did you mean "{known}"?' if known else "for example en")


# --- the schema, by frictionless --------------------------------------------------------------------------------------


def _schema(raws):
    # Imported here: a ledger whose files cannot be read does not need it, and it takes longer than the rest together.
    from frictionless import Resource, Schema, system

    for descriptor in codebook.package()["resources"]:
        table = descriptor["name"]
        if table not in raws or not raws[table].rows:
            continue
        raw, columns = raws[table], codebook.columns(table)
        place = [raw.header.index(column) for column in columns]
        data = [columns, *([row[i] for i in place] for row in raw.rows)]
        schema = {key: value for key, value in descriptor["schema"].items() if key != "foreignKeys"}
        resource = Resource(name=table, data=data, schema=Schema.from_descriptor(schema))
        with system.use_context(trusted=True):
            report = resource.validate(limit_errors=1_000_000)
        _translate([error for task in report.tasks for error in task.errors], raw)


def _translate(errors, raw):
    records = raw.records()
    named = {(problem.line, problem.column) for problem in raw.problems}
    for error in errors:
        if not getattr(error, "row_number", None):
            raw.wrong(0, "the table fits its schema", error.message)
        elif error.type != "primary-key":  # Every primary key is also unique and required: those two name the column.
            record = records[error.row_number - 2]
            if (record["line"], error.field_name) not in named:
                rule, fix = _worded(error, raw.table)
                raw.wrong(record["line"], rule, fix, error.field_name, record[error.field_name])


def _worded(error, table):
    """(rule, fix) of one frictionless error in the words of this project."""
    column, broken = error.field_name, error.type == "constraint-error"
    if error.type == "unique-error":
        return "used once", "give this row an identifier of its own"
    if broken and "required" in error.note:
        coded = table in codebook.CLAIM_TABLES and codebook.codes(table, column)
        return "not blank", f"fill it in{'; if the source does not say, the row cannot be coded yet' if coded else ''}"
    if broken and column in FORMS:
        return FORMS[column]
    if broken and codebook.fields(table)[column]["constraints"].get("pattern") == IDENTIFIER:
        near = "-".join(re.findall(r"[a-z0-9_]+", error.cell.lower()))
        rule = "lower-case letters, digits and underscores, with a hyphen between parts"
        return rule, f'write "{near}"' if near else "for example wsj-2025-04-01"
    return error.note, "see data/CODEBOOK.md"


# --- rules within a row and across rows -------------------------------------------------------------------------------


def _guess(value, known, otherwise):
    near = difflib.get_close_matches(value, known, n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else otherwise


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
    limits = [*places.regions("un_m49_region"), "part"]
    if row["among"] and row["among"] not in limits:
        row.wrong("among", f"blank, or one of {', '.join(limits)}", _guess(row["among"], limits, "for example Africa"))
    if table == "payments":
        amounts = row["amount_min"] or row["amount_max"]
        if amounts and not row["currency"]:
            row.wrong("currency", "an amount has a currency", "for example USD")
        if row["currency"] and not amounts:
            row.wrong("currency", "a currency has an amount", "leave it blank, or fill in the amount")


def _source(row):
    if row["published"] and row["published_basis"] == "unknown":
        row.wrong("published_basis", "unknown only where published is blank", "write stated or computed")
    if not row["published"] and row["published_basis"] != "unknown":
        row.wrong("published_basis", "unknown where published is blank", "write unknown, or fill in published")
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
    # A receiver that is itself in doubt says nothing about the identifier.
    known = not row["receiver"] or row["receiver"] in places.table().keys() - {row["sender"]}
    if known and row["arrangement_id"] and not row["arrangement_id"].startswith(start):
        row.wrong(
            "arrangement_id",
            f'begins with "{start}", after its receiver',
            "rename it here and in the claims, or correct the receiver",
        )


def _claim(row):
    if row["date"] and not row["date_basis"]:
        row.wrong("date_basis", "filled in where date is", "write stated, computed or bounded")
    if row["date_basis"] and not row["date"]:
        row.wrong("date_basis", "blank where date is", "clear it, or fill in date")
    if row["status"] in ("superseded", "withdrawn") and not row["note"]:
        row.wrong("note", f"a {row['status']} row says why", "name the row that replaces it, or the reason")
    if len(row["wording"].split()) > codebook.MAX_WORDING:
        row.wrong("wording", f"at most {codebook.MAX_WORDING} words", "keep only the verb or the number")
    if {"checked_on", "coded_on"}.isdisjoint(row.judged) and "" < row["checked_on"] < row["coded_on"]:
        row.wrong("checked_on", f"not before coded_on ({row['coded_on']})", "correct one of the two")


def _planned(row):
    return (
        row["step"] == "named"
        or row["population"] in ("planned", "cap")
        or row["stage"] in ("requested", "offered", "approved", "agreed")
    )


def _references(rows, raws):
    # Not left to frictionless, which accepts every reference to a table without rows.
    for resource in codebook.package()["resources"]:
        for key in resource["schema"].get("foreignKeys", []):
            column, target = key["fields"], key["reference"]["resource"]
            if target not in rows:
                continue
            name = key["reference"]["fields"]
            known = {row[name]: row for row in rows[target]}
            for row in rows.get(resource["name"], []):
                if not row[column] or row[column] in known or row[column] in raws[target].torn:
                    continue
                near = difflib.get_close_matches(row[column], sorted(known), n=1, cutoff=0.6)
                if near and name in known[near[0]].judged:
                    continue  # The misspelling is over there, and named there.
                hint = f'did you mean "{near[0]}"? If not, ' if near else ""
                row.wrong(column, f"found in {target}.csv", f"{hint}add a row for it to {target}.csv")


def _parts(rows, key):
    known = {row[key] for row in rows}
    for row in rows:
        if row["part_of"] and (row["part_of"] not in known or row["part_of"] == row[key]):
            others = sorted(known - {row[key]})
            row.wrong("part_of", f"another {key} of this table", _guess(row["part_of"], others, "clear it"))


def _across(rows, raws):
    _parts(rows.get("payments", []), "payment_id")
    _parts(rows.get("transfers", []), "transfer_id")
    # Of two rows with one identifier neither can be held against a claim.
    times = Counter(row["source_id"] for row in rows.get("sources", []))
    sources = {row["source_id"]: row for row in rows.get("sources", []) if times[row["source_id"]] == 1}
    used_sources, used_arrangements, seen = set(), set(), {}
    for table in codebook.CLAIM_TABLES:
        for row in rows.get(table, []):
            used_sources |= {row["source_id"], row["origin_id"]}
            used_arrangements.add(row["arrangement_id"])
            first = seen.setdefault(row["claim_id"], row)
            if first.raw is not row.raw:
                fix = f"{first.raw.file}:{first['line']} has it too: give this row an identifier of its own"
                row.wrong("claim_id", "used once over all claim tables", fix)
            if source := sources.get(row["source_id"]):
                _sourced(row, source)
                if origin := sources.get(row["origin_id"]):
                    _dated(row, source, origin)
    if not set(codebook.CLAIM_TABLES) <= set(rows):
        return  # The claims that cannot be read may be those that use it.
    torn = set().union(*(raws[table].torn for table in codebook.CLAIM_TABLES))
    for row in _unused(rows.get("sources", []), "source_id", used_sources, torn):
        fix = "code its claims, or delete the row"
        row.wrong("source_id", "at least one claim names it as source or origin", fix)
    for row in _unused(rows.get("arrangements", []), "arrangement_id", used_arrangements, torn):
        row.wrong("arrangement_id", "at least one claim is about it", "code a claim, or delete the row")


def _unused(rows, column, used, torn):
    # Nobody is told to delete a row because the one reference to it is misspelt.
    misspelt = used - {row[column] for row in rows}
    for row in rows:
        if row[column] not in used | torn and not difflib.get_close_matches(row[column], misspelt, n=1, cutoff=0.6):
            yield row


def _sourced(row, source):
    if source["read"] == "not_seen" and "read_on" not in source.judged:
        fix = "name the document this was read in; this one can be its origin"
        row.wrong("source_id", "a source that somebody read", fix)
    if source.judged & {"read", "text_sha256"}:
        return
    if row["locator"] and not source["text_sha256"]:
        row.wrong("locator", "only where the source's text is held (text_sha256)", "clear it, or hold the text")
    if not row["locator"] and source["text_sha256"]:
        row.wrong("locator", "filled in where the source's text is held", "for example p4, its fourth non-empty line")


def _dated(row, source, origin):
    if (source.judged | origin.judged) & {"published", "published_basis"}:
        return
    published, first = _span(source["published"]), _span(origin["published"])
    if first.latest is None and published.latest is None and not source["read_on"]:
        row.wrong("origin_id", "the day on which the claim became known can be told", "date the origin or the source")
    if first.earliest and published.latest and first.earliest > published.latest:
        rule = f"not published after the source ({source['published']}); this one is of {origin['published']}"
        row.wrong("origin_id", rule, "the origin came first: correct one of the two dates, or the origin")
    day = _span(row["date"]).earliest
    if day and published.latest and day > published.latest and not _planned(row):
        rule = f"not after the source was published ({source['published']}), unless it is a plan"
        row.wrong("date", rule, "read the date again, or code what is planned as planned")
