"""A curator's helper: rows proposed from an article's text by the tables below, for a person to mend, accept or delete.

The tables follow data/CODING.md §3 to §6. They find places to look at and understand nothing. What belongs elsewhere:
instrument, origin, basis and stage, which take a reader; and writing into the ledger, which a person does.

Typical use::

    print(show(propose(text, "2025-05-07")))
"""

import csv
import datetime as dt
import io
import re
from calendar import day_name, month_abbr, month_name, monthrange
from collections.abc import Callable, Collection, Iterator
from typing import Any

import pandas as pd
import pycountry

from analysis.curation import quotations
from analysis.ledger import schema
from analysis.ledger.cell_checks import DATE_YEARS
from analysis.ledger.files import records
from analysis.values import countries, dates, paths, ranges
from analysis.values.file_contents import FileContents

Match = re.Match[str]
Span = tuple[int, int]  # from a first character up to one after the last
Row = dict[str, Any]
Forms = dict[
    str, tuple[str, str]
]  # a country's name, adjective or demonym as printed → its code, and which of the three

COLUMNS = (
    "locator", "table", "receiver", "step", "stance", "amount_min", "amount_max", "currency", "unit", "people_min",
    "people_max", "population", "counted", "count_min", "count_max", "date", "date_basis", "wording",
)  # fmt: skip
NUMBERS = [column for column in COLUMNS if column.endswith(("_min", "_max"))]
NOUNS = {"payments": "amount", "transfers": "people", "tallies": "count"}

# Each country in the text becomes one letter of a script that no article uses, and a filler for each further letter:
# the rules then see countries as letters, and every position is still that of the printed text.
NAME, ADJECTIVE, DEMONYM, USA = "\ua400", "\ua401", "\ua402", "\ua3ff"
C = f"[\ua000-\ua3fe][{NAME}{ADJECTIVE}{DEMONYM}]+"
LIST = rf"{C}(?:(?:, and|, or|,| and| or)(?: the)? {C})*"
# One word, several states or territories: the one that the press means by it.
PRESS_SENSE = {
    "Congo": "COD", "Congolese": "COD", "French": "FRA", "Chinese": "CHN", "Dominican": "DOM", "Indian": "IND",
    "Norwegian": "NOR", "American": "USA", "America": "USA", "United States": "USA", "U.S.": "USA", "US": "USA",
    **dict.fromkeys(countries.OTHER_PLACES, ""),
}  # fmt: skip
# Other senders of coded programmes: beside another country they are not the receiver.
SENDERS = {"GBR"}

GROUP = r"(?:(?<!home )(?<!their )(?<!third )(?<!from other )(?:countries|nations|governments)|Africa|Asia|Europe)\b"
PARTY = rf"(?:{GROUP}|{C}|{USA}|(?:administration|Washington|officials|diplomats)\b)"
PEOPLE = (
    r"(?:(?:people|persons?|(?:im)?migrants|deportees|detainees|prisoners|men|women|children|nationals|refugees|aliens|"
    rf"gang members|asylum[ -]seekers|non-?citizens|individuals|foreigners)\b|(?:non-)?[\ua000-\ua3fe]{DEMONYM}+)"
)
DEAL = r"(?:deal|agreement|arrangement|partnership|pact|accord|memorandum)s?\b"
TALKS = r"(?:talks|discussions|negotiations)\b"
MOVE = r"(?:deport|send|sent\b|transfer|fly|flown|mov(?:e|ing)|remov|relocat)\w*"
MOVING = rf"\b(?:{MOVE}|held\b|detain|arriv|accept|tak(?:e|ing|en)\b|took\b|receiv|host|jail|land|flew\b)"
MOVED = r"(?:sent|transferred|deported|relocated|flown|flew|removed|moved)\b"
# The countries that people come from are not the ones that take them.
ORIGIN = (
    rf"{PEOPLE}(?:,? \w+){{0,2}} (?:from|of) (?:the )?{LIST}|\bfrom (?:the )?{LIST}(?= to\b)"
    rf"|[\ua000-\ua3fe]{ADJECTIVE}+(?: \w+){{0,2}} {PEOPLE}|[\ua000-\ua3fe]{DEMONYM}+"
)

# CODING §3. Where two rules want the same words, the earlier one has them.
STEPS = (
    ("no_answer", r"\b(?:no|official|formal|any) (?:answer|response|reply)\b|\bnever (?:reached|answered|decided|replied)"),
    ("no_answer", r"(?:\bnot|n't|\byet to) (?:yet )?(?:respond|answer|repl)\w*(?! to [^.]{0,40}comment)"),
    ("no_answer", r"\bnot (?:say|indicate|show|know) (?:how|whether) [^.]{0,60}\b(?:respond|answer|repli)ed"),
    ("declined", r"\b(?:declined|(?<!that )(?<!who )refused|rejected|rebuffed|turned down|ruled out|said no)\b(?! to comment)"),
    ("declined", r"\b(?:will not|would not|won't) (?:accept|take|receive)\b"),
    ("halted", r"\b(?:halt(?:ed|ing)|block(?:ed|ing)|barr(?:ed|ing)|suspended|enjoined|struck down|(?:stopp|paus)ed by)\b"),
    ("ended", r"\b(?:ended|abandoned|collapsed|scrapped|expired|terminated|cancell?ed|fell apart)\b"),
    ("named", r"\b(?:asked or )?(?:will|would|could|may|might|to) be asked\b"),
    ("named", rf"\b{TALKS} (?:\S+ ){{0,3}}?(?:are|were) planned|\bplanned {TALKS}"),
    ("named", rf"\bon (?:a|the) list\b|\b(?<!on a )(?<!on the )lists? of (?:possible|potential) {GROUP}"),
    ("named", rf"\b(?:may|might|could|will|would|considering|considers) (?:soon |also |be )*{MOVE}"),
    ("named", rf"\b(?:plan(?:s|ned)?|planning|intends?|preparing) (?:(?:were|was|are|being|made|drawn|up) )*to {MOVE}"),
    ("willing", rf"\b(?:close to|nearing|on the verge of) (?:\S+ ){{0,3}}?{DEAL}|\bfinali[sz]ing (?:\S+ )?{DEAL}"),
    ("willing", r"\bagreed in principle\b|\b(?:ready|willing) to\b"),
    ("asked", r"\basked\b(?! (?:about|whether|if|by|how|why|what|for comment))|\basking (?=\w)(?!them|about|for)"),
    ("asked", r"\b(?:approach|contact|urg|persuad|press|push)(?:ed|e|ing)\b(?! back)|\breach(?:ed|ing) out to\b"),
    ("asked", rf"\b(?:seek\w*|sought|pursu\w+|secur(?:e|ing)|find|(?:search|look)\w* for) (?:\S+ ){{0,2}}?(?:{DEAL}|{GROUP})"),
    ("asked", r"\bproposal,? (?:was |had been )?(?:delivered|relayed)"),
    ("in_talks", rf"\b(?:in|into|begun|began|held|holding|started|ongoing) (?:\S+ ){{0,2}}?{TALKS}|\bdiscussing\b"),
    ("in_talks", rf"\b{TALKS} (?:with|between|(?:are|were|is) (?:\w+ )?(?:ongoing|under ?way|continuing))"),
    ("in_talks", rf"\b(?:(?:talk|work|speak|negotiat)ing|talked|spoke|negotiated) (?:to|with) (?:\S+ ){{0,3}}?{PARTY}"),
    ("signed", rf"\bsigned (?:\S+ ){{0,4}}?{DEAL}|\b{DEAL} (?:was|were|has been|have been) signed"),
    ("agreed", rf"\bon board\b|\b(?:reached|brokered|secured|struck|came to|coming to|made|has|have) (?:\S+ ){{0,3}}?{DEAL}"),
    ("agreed", rf"\b{DEAL} (?:\S+ ){{0,4}}?(?:with|between)\b|\bthere (?:is|was) an? {DEAL}|\bno {DEAL}|\bagreed\b"),
    ("received", rf"\b{MOVED}(?=[^.;]{{0,120}}?\bto (?:the )?{C})|\b(?:were|was|been) relocated\b|\barrived\b|\blanded in\b"),
    ("received", rf"\b(?:accepted|received|detained|jailed|hosted|took in|taken in|taken) (?:\S+ ){{0,4}}?{PEOPLE}"),
    ("received", r"\b(?:held|jailed|detained|housed) (?:in|at|by)\b"),
)  # fmt: skip
DENIED = r"(?:\b(?:not|never|no|none|without)|n't)\b(?: \S+){0,4} ?$|\b(?:denie[sd]|deny|denying)\b"
CLAUSE = (
    r"; |, but |,? while |,? despite |,? although | similar to |,? (?:under|in) which |, which |, where | — "
    r"|,? and (?=(?:is|are|was|were|has|have|it|they)\b)"
)
# No sentence ends after these; one can end after U.S. when a word follows that begins sentences.
TITLES = "".join(rf"(?<!\b{a}\.)" for a in ("Mr", "Mrs", "Ms", "Dr", "Sen", "Rep", "Gov", "St", *month_abbr[1:]))
SENTENCE = rf"(?:(?<=[.!?])|(?<=[.!?][\"')])){TITLES}\s+(?=[\"'(]*[A-Z\ua000-\ua3ff])"
STARTERS = "It|The|They|He|She|In|But|Also|However|This|That|Those|These|A|An|On|At|Now|And|While|Its|Under|For"
NAMING = rf"\b(?:includ(?:e|es|ing)|such as|like|namely) (?:\S+ ){{0,2}}?{C}"
CONTINUED = r"(?:They|These|Those|Among them|The (?:countries|nations|governments|list))\b"

# CODING §4 and §5.
BOUNDS = {
    "max": "up to|as much as|as many as|no more than|at most|a maximum of|fewer than|less than",
    "min": "more than|over|at least|upwards of|exceeding|no fewer than|no less than",
    "both": "about|around|nearly|roughly|some|almost|approximately|an estimated|only|just",
}
VAGUE = {
    "a couple": 2, "a few": 3, "several": 3, "a dozen": 12, "dozens": 12, "scores": 12, "several hundred": 100,
    "a few hundred": 100, "hundreds": 100, "several thousand": 1000, "a few thousand": 1000, "thousands": 1000,
}  # fmt: skip
TO_TWENTY = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
WORDS = {word: number for number, word in enumerate((*TO_TWENTY.split(), "eighteen", "nineteen", "twenty"), 1)}
WORDS |= {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
SCALES: dict[str, float] = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
}
CURRENCIES = {"$": "USD", "£": "GBP", "€": "EUR", "dollars": "USD", "pounds": "GBP", "euros": "EUR"}
FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
FIRST = rf"(?:\b(?P<between>between) |\b(?P<bound>{'|'.join(BOUNDS.values())}) )?(?:(?P<sign>[$£€])|(?<![\d.,$£€]))\b"
VAGUE_FIRST = "|".join((*sorted(VAGUE, key=len, reverse=True), *WORDS))
SCALE = rf"(?:[ -]?(?P<%s>{'|'.join(SCALES)})\b)?"
END = r"(?!\w|[.,]\d)"
TO = r"(?(between) and |(?: ?[-–] ?| to | or ))"
MONEY = (
    rf"{FIRST}(?P<low>{FIGURE}){SCALE % 'scale'}{END}(?:{TO}(?P<again>[$£€])?(?P<high>{FIGURE}){SCALE % 'high_scale'}{END}"
    rf"(?(again)|(?(high_scale)|(?!))))?(?(sign)| (?:{USA}\S+ )?(?P<currency>dollars|pounds|euros)\b)"
)
COUNTED = (
    rf"{FIRST}(?(sign)(?!))(?P<low>{VAGUE_FIRST}|(?!(?:19|20)\d\d\b){FIGURE}){SCALE % 'scale'}{END}"
    rf"(?:{TO}(?P<high>{FIGURE}|{'|'.join(WORDS)}){SCALE % 'high_scale'}{END})?(?:(?<=s) of|(?<=couple) of)?"
)
NOT_BETWEEN = rf"(?:{GROUP}|(?:officials|to|from|in|for|of|and|who|dozen|hundred|thousand|years?|days?|flights?)\b)"
HEADS = rf"{COUNTED}(?: (?!{NOT_BETWEEN})[\w'-]+){{0,3}}? {PEOPLE}"
COUNTRIES = (
    rf"(?!a few|a couple|several){COUNTED}(?: (?:other|more|African|European|Asian|different)){{0,2}} "
    r"(?:countries|nations|governments)\b"
)
TO_PEOPLE = rf"\b(?:offer|pay|paid|giv)\w* (?:\S+ )?{PEOPLE} $"
UNITS = (
    ("per_person", r"[^.]{0,12}?\b(?:(?:per|for each|a) (?:person|head|migrant|deportee)|each(?! year)|apiece)\b"),
    ("per_year", r"[^.]{0,12}?\b(?:(?:per|a|each|every) year|annually)\b"),
)
PLANNED = r"\b(?:may|might|could|will|would|plan\w*|to (?:accept|take|receive|host))\b"
CUMULATIVE = r"\b(?:since|so far|to date|in total|a total of|only)\b"

# CODING §6: each rule gets the match, the page's own day, and whether the thing is still to come.
INAUGURATION = dt.date(2025, 1, 20)
WEEKDAY = rf"\b(?P<weekday>{'|'.join(day_name)})\b"
REPORTED = rf"\b(?:reported|said|told|wrote|revealed)(?: \w+){{0,2}}? (?:on |late )?{WEEKDAY}"
YEAR = r"(?<![$£€\d,.-])(?P<year>(?:19|20)\d\d)\b(?![,.-]\d)"
MONTH_NAME = rf"(?P<month>{'|'.join((*month_name[1:], *month_abbr[1:], 'Sept'))})\b\.?"
MONTH = (
    rf"\b(?:(?:(?P<part>[Ee]arly|[Mm]id|[Ll]ate)[ -](?:in )?)|(?P<day>\d{{1,2}}) |(?P<word>[Ii]n|[Dd]uring|of|[Ll]ast|for) )?"
    rf"{MONTH_NAME}(?: (?P<day_after>\d{{1,2}})\b,?)?(?: {YEAR})?"
)


def _calendar(match: Match, page: dt.date, ahead: bool) -> str | None:
    month, day = list(month_abbr).index(match["month"][:3]), int(match["day"] or match["day_after"] or 0)
    if not (day or match["part"] or match["word"] or match["year"]):
        return None  # the verb may, the noun march
    year = int(match["year"] or page.year + (month < page.month if ahead else -(month > page.month)))
    text, last = f"{year}-{month:02d}", monthrange(year, month)[1]
    if match["part"]:
        first, end = {"early": (1, 10), "mid": (11, 20), "late": (21, last)}[match["part"].lower()]
        return f"{text}-{INAUGURATION.day if (text, first) == ('2025-01', 21) else first:02d}/{text}-{end:02d}"
    return (f"{text}-{day:02d}" if day else text) if day <= last else None


def _weekday(match: Match, page: dt.date, ahead: bool) -> str:
    back = (page.weekday() - list(day_name).index(match["weekday"])) % 7
    return f"{page + dt.timedelta(days=-back % 7) if ahead else page - dt.timedelta(days=back)}"


def _week(match: Match, page: dt.date, ahead: bool) -> str:
    sunday = page - dt.timedelta(days=(page.weekday() + 1) % 7 + 7 * (match["which"].lower() == "last"))
    return f"{sunday}/{sunday + dt.timedelta(days=6)}"


DATES: tuple[tuple[str, Callable[[Match, Any, bool], str | None]], ...] = (
    (MONTH, _calendar),
    (rf"\b[Ee]arly (?:in )?{YEAR}", lambda match, page, ahead: f"{match['year']}-01/{match['year']}-06"),
    (r"\bfirst month\b", lambda match, page, ahead: f"{INAUGURATION}/{INAUGURATION.replace(month=2)}"),
    (r"\b[Ee]arlier this year\b", lambda match, page, ahead: f"{page.year}-01-01/{page}"),
    (r"\b(?P<which>[Tt]his|[Ll]ast) week\b", _week),
    (r"\b[Ll]ast month\b", lambda match, page, ahead: f"{page.replace(day=1) - dt.timedelta(days=1):%Y-%m}"),
    (WEEKDAY, _weekday),
    (YEAR, lambda match, page, ahead: match["year"]),
)


def days_of(published: str) -> dates.Span:
    """The days that an EDTF date of a page can mean. Raises ``ValueError`` with the reason: no EDTF, or another year."""
    span = dates.parse(published)
    for day in (span.earliest, span.latest):
        if day and day.year not in DATE_YEARS:
            raise ValueError(f"{day.year:04d} is no year from {DATE_YEARS[0]} to {DATE_YEARS[-1]}")
    return span


def propose(text: str, published: str | dt.date) -> pd.DataFrame:
    """Proposed rows of an article: a frame with ``COLUMNS``, in the order of the text. A paragraph that repeats is read once.

    ``published`` is the page's own day (``datetime.date``) or an EDTF date, blank if unknown; relative dates are worked out
    from it where every day it can mean gives the same answer. Text cells are blank where nothing was found, numbers are
    floats (people, countries, units of the currency) and missing. Raises ``ValueError`` as :func:`days_of` does.
    ``wording`` is cut by position: whoever takes a row over sees to it that no private name is in it.
    """
    published = f"{published:%Y-%m-%d}" if isinstance(published, dt.date) else published
    span = days_of(published) if published else dates.Span(None, None)
    days = {span.earliest, span.latest} if span.earliest and span.latest else set()
    last = published.split("/")[-1].rstrip("~")
    bound = "" if last in ("", "..") else f"../{last}"
    blank = dict.fromkeys((column for column in COLUMNS if column not in NUMBERS), "")
    rows: list[Row] = []
    seen: set[str] = set()
    for number, line in enumerate(quotations.paragraphs(text), 1):
        plain = quotations.plain(line)
        if plain not in seen:
            seen.add(plain)
            rows += [blank | {"locator": f"p{number}"} | row for row in _Paragraph(plain, days, bound).rows()]
    kinds = dict.fromkeys(blank, "str") | dict.fromkeys(NUMBERS, "float64")
    return pd.DataFrame(rows, columns=COLUMNS).astype(kinds)


def show(frame: pd.DataFrame) -> str:
    """The frame of :func:`propose` in plain lines by paragraph: what was found, aligned; then the rows, ready to paste.

    The rows have the columns of their table. ``arrangement_id`` has its beginning only (``lby-``, ``any-``), and what a
    reader has to decide is blank, so that the check asks for it.
    """
    lines = []
    for locator, group in frame.groupby("locator", sort=False):
        rows = records(group)
        told = [_told(row) for row in rows]
        widths = [max(map(len, column)) for column in zip(*told, strict=True)]
        lines += [str(locator), *("  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in told)]
        for table in schema.CLAIM_TABLES:
            out = io.StringIO()
            writer = csv.DictWriter(out, schema.columns(table), extrasaction="ignore", lineterminator="\n")
            writer.writerows(_cells(row) for row in rows if row["table"] == table)
            lines += [f"{table}.csv:", *out.getvalue().splitlines()] if out.getvalue() else []
        lines.append("")
    return "\n".join(lines)


def _told(row: Row) -> tuple[str, ...]:
    noun = NOUNS.get(row["table"])
    size = ranges.show_range(row[f"{noun}_min"], row[f"{noun}_max"], row["currency"]) if noun else ""
    kind = row["step"] or row["unit"] or row["population"]
    kind = f"{row['counted']} {kind}".strip() if row["table"] == "tallies" else kind
    cells = (row["table"], row["receiver"] or "-", kind, size, row["stance"], row["date"], row["date_basis"])
    return *cells, f'"{row["wording"]}"'


def _cells(row: Row) -> Row:
    numbers = {column: "" if pd.isna(row[column]) else f"{row[column]:.15g}" for column in NUMBERS}
    return row | numbers | {"arrangement_id": f"{row['receiver'].lower() or 'any'}-", "status": "active"}


def _make_forms(data: bytes) -> tuple[Forms, re.Pattern[str]]:
    """What finds the countries of the table of places in a text; ``data`` are the bytes of its file."""
    forms: Forms = {}
    for code, row in countries.table().items():
        known = pycountry.countries.get(alpha_3=code)
        names = (known.name, getattr(known, "common_name", "")) if known else ()
        for form in (row["name"].removeprefix("The "), *names, *countries.PRINTED_FORMS.get(code, ())):
            forms.setdefault(form, (code, NAME))
        for form in row["adjectives"].split(";"):
            forms.setdefault(form, (code, ADJECTIVE))
    forms |= {form: (code, forms.get(form, ("", NAME))[1]) for form, code in PRESS_SENSE.items()}
    words = [
        rf"{re.escape(form[:-1])}(?:\.(?! (?:{STARTERS})\b)|(?=\.))" if form.endswith(".")
        else re.escape(form) + ("s?" if forms[form][1] == ADJECTIVE else "")
        for form in sorted(filter(None, forms), key=len, reverse=True)
    ]  # fmt: skip
    return forms, re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")


_forms = FileContents(lambda: paths.REFERENCE / "places.csv", _make_forms)


def _letters(match: Match) -> str:
    forms, word = _forms()[0], match[0]
    code, filler = forms.get(word) or forms.get(f"{word}.") or (forms[word[:-1]][0], DEMONYM)
    first = USA if code == "USA" else chr(0xA000 + list(countries.table()).index(code)) if code else "x"
    return first + (filler if code else "x") * (len(word) - 1)


def _cut(pattern: str, text: str, start: int, end: int) -> list[Span]:
    """The spans that matches of ``pattern`` leave between them."""
    edges = [start, *(edge for m in re.compile(pattern).finditer(text, start, end) for edge in m.span()), end]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _apart(start: int, end: int, other: tuple[Any, ...]) -> int:
    return int(max(start - other[1], other[0] - end))


def _at(spans: list[Span], position: int) -> Span:
    return next((span for span in reversed(spans) if span[0] <= position), spans[0])


class _Paragraph:
    """The countries, sentences and clauses of one paragraph, and the rows that the rules find in it."""

    def __init__(self, text: str, days: Collection[dt.date], bound: str) -> None:
        codes = list(countries.table())
        self.text, self.days, self.masked = text, days, _forms()[1].sub(_letters, re.sub("[\ua000-\ua4ff]", "x", text))
        takers = re.sub(ORIGIN, lambda match: "x" * len(match[0]), self.masked)
        groups = [
            (*m.span(), [codes[ord(c) - 0xA000] for c in m[0] if "\ua000" <= c < USA])
            for m in re.finditer(LIST, takers)
        ]
        self.groups = [group for group in groups if not SENDERS.issuperset(group[2])] or groups
        self.sentences = _cut(SENTENCE, self.masked, 0, len(text))
        self.clauses = [clause for span in self.sentences for clause in _cut(CLAUSE, self.masked, *span)]
        # The day of a report bounds what it tells; it is not the day on which that happened.
        report = re.search(REPORTED, text)
        self.bound = f"../{_weekday(report, next(iter(days)), False)}" if report and len(days) == 1 else bound
        self.dated = re.sub(REPORTED, lambda match: " " * len(match[0]), text)

    def rows(self) -> list[Row]:
        steps: list[tuple[int, int, str]] = []
        for step, pattern in STEPS:
            for match in re.finditer(pattern, self.masked, re.IGNORECASE):
                if all(_apart(*match.span(), other) >= 0 for other in steps):
                    steps.append((*match.span(), step))
        steps.sort()
        rows = [row for start, end, step in steps for row in self.step(start, end, step)]
        for table, pattern in (("payments", MONEY), ("transfers", HEADS), ("tallies", COUNTRIES)):
            for match in re.finditer(pattern, self.masked, re.IGNORECASE):
                rows += self.number(table, match, steps)
        told: dict[tuple[Any, ...], Row] = {}
        for row in rows:
            told.setdefault(tuple(v for k, v in row.items() if k not in ("date", "date_basis", "wording")), row)
        return list(told.values())

    def step(self, start: int, end: int, step: str) -> Iterator[Row]:
        moves = re.search(MOVE, self.masked[start:end], re.IGNORECASE)
        for receiver in self.receivers(start, end, step == "received" or bool(moves)):
            row = self.row(start, end, ahead=step == "named", table="steps", receiver=receiver, step=step)
            if step == "no_answer":
                row["stance"] = "asserts"
            yield row
            numbered = re.search(HEADS, self.masked[slice(*_at(self.sentences, start))], re.IGNORECASE)
            if step == "named" and moves and not numbered and row["date_basis"] not in ("", "bounded"):
                yield row | {"table": "transfers", "step": "", "population": "planned"}

    def number(self, table: str, match: Match, steps: list[tuple[int, int, str]]) -> list[Row]:
        start, end = match.span()
        clause, sentence = _at(self.clauses, start), _at(self.sentences, start)
        before, receivers, ahead = self.masked[clause[0] : start], [""], False
        cells: Row = dict(zip((f"{NOUNS[table]}_min", f"{NOUNS[table]}_max"), _bounds(match), strict=True))
        if table == "tallies":
            near = [s for s in steps if _at(self.clauses, s[0]) == clause and s[2] in schema.codes(table, "counted")]
            cells |= {"counted": min(near, key=lambda s: _apart(start, end, s), default=("",))[-1], "unit": "countries"}
        elif table == "payments":
            to_people = re.search(TO_PEOPLE, before)
            units = [unit for unit, pattern in UNITS if re.match(pattern, self.masked[end : sentence[1]])]
            cells |= {"currency": CURRENCIES[match["sign"] or match["currency"].lower()]}
            cells |= {"unit": "per_person" if to_people else [*units, "lump_sum"][0]}
            receivers = [""] if to_people else self.receivers(start, end) or [""]
        elif re.search(MOVING, self.masked[slice(*sentence)]):
            ahead = bool(re.search(PLANNED, before))
            past = "cumulative" if re.search(CUMULATIVE, self.masked[slice(*clause)]) else "third_country"
            cells |= {"population": "cap" if cells["people_min"] is None else "planned" if ahead else past}
            receivers = self.receivers(start, end, True) or [""]
        else:
            receivers = []
        return [self.row(start, end, ahead, table=table, receiver=receiver, **cells) for receiver in receivers]

    def row(self, start: int, end: int, ahead: bool, **cells: Any) -> Row:
        before = self.masked[_at(self.clauses, start)[0] : start]
        denied = re.search(DENIED, before, re.IGNORECASE) or re.search(
            r"\bno (?!more|fewer|less)", self.masked[start:end]
        )
        date, basis = self.date(start, end, ahead)
        dated = {"date": date, "date_basis": basis, "wording": self.wording(start)}
        return cells | {"stance": "denies" if denied else "asserts"} | dated

    def receivers(self, start: int, end: int, moved: bool = False) -> list[str]:
        """Whom a verb or number is about: alpha-3 codes, a blank for countries without names, nothing if there is none."""
        clause, sentence = _at(self.clauses, start), _at(self.sentences, start)
        following = next((span for span in self.sentences if span[0] > start), (0, 0))
        unnamed = re.match(rf"(?!on )(?:\S+ ){{0,7}}?{GROUP}", re.split(C, self.masked[start : clause[1]])[0])
        if unnamed and not re.search(NAMING, self.masked[start + unnamed.end() : clause[1]]):
            continued = re.match(CONTINUED, self.text[slice(*following)])
            return (continued and self.nearest(following, start, end)) or [""]
        for span in (clause, sentence, following, (0, len(self.text))):
            if found := self.nearest(span, start, end, moved):
                return found
        return [""] if re.search(GROUP, self.masked[slice(*sentence)]) else []

    def nearest(self, span: Span, start: int, end: int, moved: bool = False) -> list[str]:
        inside = [group for group in self.groups if span[0] <= group[0] < span[1]]
        to = [g for g in inside if g[0] > start and re.search(r"\b(?:to|in|into)(?: the)? $", self.masked[: g[0]])]
        return min((moved and to) or inside, key=lambda group: _apart(start, end, group), default=(0, 0, []))[-1]

    def date(self, start: int, end: int, ahead: bool) -> tuple[str, str]:
        found: list[tuple[int, int, Match, Callable[[Match, Any, bool], str | None]]] = []
        for pattern, rule in DATES:
            for match in re.compile(pattern).finditer(self.dated, *_at(self.clauses, start)):
                if all(_apart(*match.span(), other) >= 0 for other in found):
                    found.append((*match.span(), match, rule))
        for *_, match, rule in sorted(found, key=lambda place: _apart(start, end, place)):
            printed = match.groupdict().get("year")
            # A rule that needs no page takes the printed year alone.
            pages: Collection[dt.date | None] = self.days or ([None] if printed else [])
            values = {rule(match, page, ahead) for page in pages}
            if len(values) == 1 and (value := values.pop()):
                return value, "stated" if printed and "/" not in value else "computed"
        return self.bound, "bounded" if self.bound else ""

    def wording(self, start: int) -> str:
        """From the verb or number on, as printed; at the end of a sentence also a few words before."""
        low, high = _at(self.sentences, start)
        words = [m.span() for m in re.finditer(r"\S+", self.text) if low <= m.start() < high]
        first = next(number for number, word in enumerate(words) if word[1] > start)
        words = words[max(0, min(first, len(words) - 4)) :][: schema.MAX_WORDING]
        return re.sub(r"(?<!\.\w)\.?[\"')]*$", "", self.text[words[0][0] : words[-1][1]]).strip(" ,;:\"'")


def _bounds(match: Match) -> tuple[float | None, float | None]:
    def value(group: str, scale: str | None) -> float:
        word = match[group].lower()
        number = VAGUE.get(word) or WORDS.get(word) or float(word.replace(",", ""))
        return number * SCALES.get((scale or "").lower(), 1)

    short = re.fullmatch(r"\d{1,3}|\d+\.\d+", match["low"])
    low = value("low", match["scale"] or (short and match["high_scale"]))
    if match["high"]:
        return low, value("high", match["high_scale"] or match["scale"])
    if match["bound"] and match["bound"].lower() in BOUNDS["max"].split("|"):
        return None, low
    open_end = match["low"].lower() in VAGUE or (match["bound"] or "").lower() in BOUNDS["min"].split("|")
    return low, None if open_end else low
