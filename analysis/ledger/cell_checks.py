"""What one cell can have wrong by itself: what spreadsheets do to cells, what its column means, what the schema asks.

Everything here depends on table, column and value alone, so each distinct value is judged once. A verdict is a pair
of rule and fix. What a cell has to do with other cells belongs to ``checks``.

Typical use::

    value_problems("steps", "date", ["2025-05-06", "May 2025"])  # {"May 2025": ("a date in EDTF (…)", "did you mean …")}
    schema_problems("steps", "stance", ["asserts", ""])  # {"": ("not blank", "fill it in …")}
"""

import difflib
import ipaddress
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from functools import partial
from urllib.parse import urlsplit

import pycountry

from analysis.ledger import schema
from analysis.values import countries, dates
from analysis.values.problems import BLANK, shown

Verdict = tuple[str, str]
Judge = Callable[[str], tuple[str, str | Callable[[], str]] | None]

MAX_CELL = 2_000  # characters; the longest honest cell has 380
SPECIAL_SPACES = re.compile(r"[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
INVISIBLE = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
SMART = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "′": "'", "″": '"'})
# Persian and the scripts of India and Sri Lanka need a joiner or a non-joiner between two of their letters.
JOINED_SCRIPTS = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\u0900-\u0dff"
NEEDED_JOINER = re.compile(rf"(?<=[{JOINED_SCRIPTS}])[\u200c\u200d](?=[{JOINED_SCRIPTS}])")
REFUSED_CATEGORIES = {
    "Cc": "no line break, tab or control character in a cell",
    "Cf": "no invisible characters, and none that change the direction of the text",
    "Cn": "no code points that are no characters",
    "Co": "no characters for private use",
    "Cs": "no half characters (surrogates)",
    "Zl": "no non-breaking or other special spaces",
    "Zp": "no non-breaking or other special spaces",
}
FORMULA = re.compile(r"[=+\-@＝＋－＠]")
MARKUP = re.compile(r"<[A-Za-z/!?]|&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9A-Fa-f]+);")
NUMBER_FORMS = {"integer": re.compile(r"[0-9]+"), "number": re.compile(r"[0-9]+(\.[0-9]+)?")}
PAIR_OF_NUMBERS = re.compile(r"([0-9.]*)/([0-9.]*)")
ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")
HOST = re.compile(r"([\w-]+\.)+[^\W\d_]{2,}|([\w-]+\.)+xn--[\w-]+")
DATE_YEARS = range(2000, 2036)  # within which anything in the ledger happened, was published, or is planned for
DAY_YEARS = range(2025, 2036)  # within which it is read, coded and checked
EDTF_COLUMNS = {"date", "published", "date_1", "date_2"}
DAY_COLUMNS = {"read_on", "coded_on", "checked_on"}
PLACE_COLUMNS = {"sender", "receiver", "payer", "payee", "jurisdiction"}
OTHERS_THAN_STATES = {
    "payer": ("person", "organisation"),
    "payee": ("person", "organisation"),
    "jurisdiction": ("UN", "ECOWAS", "IACHR", "ACHPR"),
}
CURRENCY_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP"}
# Codes of ISO 4217 in which nobody is paid: none at all, for tests, metals and units of account.
NO_MONEY = {"XXX", "XTS", "XAU", "XAG", "XPT", "XPD", "XBA", "XBB", "XBC", "XBD", "XSU", "XUA"}
IDENTIFIER = "[a-z0-9_]+(-[a-z0-9_]+)*"
FORMS = {
    "claim_id": ("the letter c and five or more digits", "for example c00042"),
    "reading_id": ("the letter r and five digits", "for example r00042"),
    "locator": ("the letter p and a number", "for example p4, the fourth non-empty line of the text held"),
    "text_sha256": ("64 digits, 0 to 9 and a to f", "copy the SHA-256 of the text again"),
}
SUGGESTIONS = 200  # values of one column for which a fix is looked up; more have one cause, and the first show it
COMPARISONS = 200_000  # pairs of words that are compared for one column before there are no more suggestions


def value_problems(table: str, column: str, values: Iterable[str]) -> dict[str, Verdict]:
    """Value → verdict for those of the distinct ``values`` that are no text, number, date, place or code as they are."""
    judge = _judge(table, column)
    is_number = schema.fields(table)[column]["type"] in NUMBER_FORMS
    found: dict[str, Verdict] = {}
    for value in filter(None, values):
        verdict = _not_plain(value, is_number) or (judge(value) if judge else None) or _formula_or_markup(value)
        if verdict:
            rule, fix = verdict
            if not isinstance(fix, str):
                fix = fix() if len(found) < SUGGESTIONS else "see data/CODEBOOK.md"
            found[value] = rule, fix
    return found


def schema_problems(table: str, column: str, values: Collection[str]) -> dict[str, Verdict]:
    """Value → verdict for those of the distinct ``values`` that the schema refuses: blank, or not of its pattern."""
    constraints = schema.fields(table)[column].get("constraints", {})
    found: dict[str, Verdict] = {}
    if pattern := constraints.get("pattern"):
        fits = re.compile(pattern).fullmatch
        found = {value: _form(column, value, pattern) for value in values if value and not fits(value)}
    if constraints.get("required") and "" in values:
        coded = table in schema.CLAIM_TABLES and schema.codes(table, column)
        hint = "; if the source does not say, the row cannot be coded yet" if coded else ""
        found[""] = "not blank", f"fill it in{hint}"
    return found


def unknown_codes(values: Iterable[str], known: dict[str, str]) -> dict[str, Verdict]:
    """Value → verdict for those of the ``values`` that are filled in and no code of ``known`` (code → label)."""
    judged = {value: _code(value, known) for value in values if value}
    return {value: (verdict[0], verdict[1]()) for value, verdict in judged.items() if verdict}


def closest(values: Iterable[str], known: Collection[str], cutoff: float = 0.6) -> dict[str, str]:
    """Value → the one of the ``known`` words that is most like it, where one is; for the first values, if they are many."""
    words = sorted(known)
    most = COMPARISONS // max(len(words), 1)
    near = {value: difflib.get_close_matches(value, words, 1, cutoff) for value in list(values)[:most]}
    return {value: matches[0] for value, matches in near.items() if matches}


def guess(value: str, known: Collection[str], cutoff: float = 0.6) -> str | None:
    """``did you mean …?`` with the nearest of a few known words, or ``None``."""
    near = difflib.get_close_matches(value[:100], known, n=1, cutoff=cutoff)
    return f'did you mean "{near[0]}"?' if near else None


def plain_text(value: str) -> str:
    """A text as the ledger writes it: composed characters, straight quotes, single spaces, nothing invisible."""
    spaced = SPECIAL_SPACES.sub(" ", value)
    needed = {match.start() for match in NEEDED_JOINER.finditer(spaced)}
    kept = (c for place, c in enumerate(spaced) if place in needed or c in "\r\n\t" or not _is_refused(c))
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).translate(SMART).split())


# --- any text --------------------------------------------------------------------------------------------------------


def _not_plain(value: str, is_number: bool) -> Verdict | None:
    """What is wrong with a value as a text, whatever its column."""
    if len(value) > MAX_CELL:
        return (
            f"at most {MAX_CELL:,} characters in a cell",
            "shorten it; a quote that is not closed swallows what follows",
        )
    if "\ufffd" in value:
        return "no replacement character (U+FFFD): a letter was lost", "write the letter that the source has"
    broken = None
    if value.isascii() and value.isprintable():
        if value != value.strip():
            broken = "no space at the start or end of a cell"
        elif "  " in value:
            broken = "no double spaces"
    else:
        broken = _odd_character(value)
    if not broken:
        return None
    clean = _ungrouped(plain_text(value)) if is_number else plain_text(value)
    return broken, f'write "{shown(clean)}"' if clean else "clear it"


def _odd_character(value: str) -> str | None:
    if SPECIAL_SPACES.search(value) or INVISIBLE.search(value):
        return "no non-breaking or other special spaces"
    if value != value.strip():
        return "no space at the start or end of a cell"
    for character in NEEDED_JOINER.sub("", value):
        if _is_refused(character):
            return REFUSED_CATEGORIES.get(unicodedata.category(character), REFUSED_CATEGORIES["Cf"])
    if "  " in value:
        return "no double spaces"
    if value.translate(SMART) != value:
        return "straight quotes and apostrophes only"
    if not unicodedata.is_normalized("NFC", value):
        return "letters with their accents as one character (Unicode NFC)"
    if unicodedata.combining(value[0]) or re.search("[\u0300-\u036f]{3}", value):
        return "accents stand on a letter, two at the most"
    return None


def _is_refused(character: str) -> bool:
    return unicodedata.category(character) in REFUSED_CATEGORIES or bool(BLANK.match(character))


def _formula_or_markup(value: str) -> Verdict | None:
    if FORMULA.match(value):
        rule = "no cell begins with =, +, - or @, which a spreadsheet takes for a formula"
        return rule, "put it in other words"
    if MARKUP.search(value):
        return "plain text without markup", "write what a reader of the page sees"
    return None


# --- the meaning of a column -----------------------------------------------------------------------------------------


def _judge(table: str, column: str) -> Judge | None:
    """What judges a value by the meaning of its column, or ``None`` where any text will do."""
    field = schema.fields(table)[column]
    kind = field["type"]
    if kind in NUMBER_FORMS:
        limits = field.get("constraints", {})
        bounds = limits.get("minimum", 0), limits.get("maximum", float("inf"))
        return partial(_number, is_integer=kind == "integer", bounds=bounds)
    if kind == "boolean":
        return _true
    if column in EDTF_COLUMNS:
        return _date
    if column in DAY_COLUMNS:
        return _day
    if column in PLACE_COLUMNS:
        return partial(_place, others=OTHERS_THAN_STATES.get(column, ()), places=countries.table())
    if known := schema.codes(table, column):
        return partial(_code, known=known)
    if column == "currency":
        return partial(_currency, known={money.alpha_3 for money in pycountry.currencies} - NO_MONEY)
    if column == "nationalities":
        return partial(_nationalities, places=countries.table())
    others: dict[str, Judge] = {"language": _language, "url": _address, "among": _among, "wording": _wording}
    pairs: dict[str, Judge] = dict.fromkeys(("number_1", "number_2"), _pair_of_numbers)
    return (others | pairs).get(column)


def _ungrouped(number: str) -> str:
    """A number without the marks that group its thousands."""
    grouped = re.fullmatch(r"[0-9]{1,3}([, ][0-9]{3})+(\.[0-9]+)?", number)
    return number.replace(",", "").replace(" ", "") if grouped else number


def _number(value: str, is_integer: bool, bounds: tuple[float, float]) -> Verdict | None:
    form = NUMBER_FORMS["integer" if is_integer else "number"]
    if form.fullmatch(value):
        return _out_of_bounds(value, bounds)
    rule = "a whole number in plain digits" if is_integer else "a number in plain digits"
    plain = _ungrouped(value.lstrip("$€£~"))
    if re.match(r"[-−][0-9]", plain):
        return "not negative", "leave it blank if not reported"
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,2}", plain) and len(plain) < 50 and float(plain).is_integer():
        return rule, f"write {int(float(plain))}, if nothing was lost when it was shortened"
    if is_integer and re.fullmatch(r"[0-9]+\.0+", plain):
        return rule, f"write {shown(plain.split('.')[0])}"
    if form.fullmatch(plain):
        return rule, f"write {shown(plain)}"
    if any(character.isalpha() for character in value):
        return rule, 'write digits only; keep words such as "dozens" in wording'
    return rule, "write digits only, or leave it blank if not reported"


def _out_of_bounds(value: str, bounds: tuple[float, float]) -> Verdict | None:
    low, high = bounds
    if re.match("0[0-9]", value):
        return "no zeros before a number", f"write {shown(re.sub('^0+(?=[0-9])', '', value))}"
    if float(value) < low:
        return f"at least {low:,}", "read the source again"
    if float(value) > high:
        return f"at most {high:,}", "count the zeros, and read the source again"
    return None


def _true(value: str) -> tuple[str, str] | None:
    return None if value == "true" else ("true or blank", "write true, or clear it")


def _date(value: str) -> Verdict | None:
    try:
        span = dates.parse(value)
    except ValueError as error:
        near = _near_date(value)
        example = "for example 2025, 2025-05, 2025-05-06 or ../2025-05-06"
        return f"a date in EDTF ({shown(str(error))})", f"did you mean {near}?" if near else example
    return _out_of_years([day.year for day in (span.earliest, span.latest) if day], DATE_YEARS)


def _day(value: str) -> Verdict | None:
    try:
        day = dates.parse_day(value)
    except ValueError as error:
        near = _near_date(value)
        whole = near and re.match("[0-9]{4}-[0-9]{2}-[0-9]{2}", near)
        return f"a day ({shown(str(error))})", f"did you mean {near}?" if whole else "for example 2025-05-06"
    return _out_of_years([day.year], DAY_YEARS)


def _out_of_years(years: list[int], span: range) -> Verdict | None:
    if all(year in span for year in years):
        return None
    return f"a year from {span[0]} to {span[-1]}", "correct the year"


def _near_date(value: str) -> str | None:
    """What a mangled date may have been, or ``None``: no reading is offered that is not itself a date."""
    near = dates.suggest(value[:40])
    try:
        for reading in (near or "").split(" (")[0].split(" or "):
            dates.parse(reading)
    except ValueError:
        return None
    return near


def _place(value: str, others: tuple[str, ...], places: Collection[str]) -> tuple[str, Callable[[], str]] | None:
    if value in places or value in others:
        return None

    def fix() -> str:
        folded = {other.casefold(): other for other in others}
        if near := difflib.get_close_matches(value[:100].casefold(), folded, n=1, cutoff=0.7):
            return f'did you mean "{folded[near[0]]}"?'
        country = countries.nearest(value[:100])
        return f'did you mean "{country}" ({countries.name(country)})?' if country else "see data/reference/places.csv"

    return f"an ISO 3166-1 alpha-3 code (XKX for Kosovo){', ' if others else ''}{' or '.join(_listed(others))}", fix


def _listed(words: tuple[str, ...]) -> list[str]:
    """Words as ``a, b`` and ``c``, to be joined by ``or``."""
    return [", ".join(words[:-1]), words[-1]] if len(words) > 1 else list(words)


def _nationalities(value: str, places: Collection[str]) -> tuple[str, Callable[[], str]] | None:
    codes = value.split(";")
    if len(set(codes)) < len(codes):
        return "each nationality once", lambda: f'write "{shown(";".join(dict.fromkeys(codes)))}"'
    if all(code in places for code in codes):
        return None

    def fix() -> str:
        parts = [part.strip() for part in re.split("[;,/]", value) if part.strip()][:20]
        near = [part if part in places else countries.nearest(part) for part in parts]
        known = [code for code in near if code]
        return (
            f'did you mean "{";".join(known)}"?'
            if known and len(known) == len(near)
            else "see data/reference/places.csv"
        )

    return "ISO 3166-1 alpha-3 codes (XKX for Kosovo) with a semicolon between them", fix


def _code(value: str, known: dict[str, str]) -> tuple[str, Callable[[], str]] | None:
    if value in known:
        return None

    def fix() -> str:
        codes = {label.casefold(): code for code, label in known.items()} | {code.casefold(): code for code in known}
        near = difflib.get_close_matches(value[:100].casefold(), codes, n=1, cutoff=0.5)
        return f'did you mean "{codes[near[0]]}"?' if near else "see data/CODEBOOK.md"

    return f"one of {', '.join(known)}", fix


def _currency(value: str, known: set[str]) -> tuple[str, Callable[[], str]] | None:
    if value in known:
        return None
    meant = CURRENCY_SIGNS.get(value, value.upper())
    rule = "an ISO 4217 code of money that is paid" if value in NO_MONEY else "an ISO 4217 code"
    return rule, lambda: (guess(meant, sorted(known)) if value not in NO_MONEY else None) or "for example USD"


def _language(value: str) -> Verdict | None:
    found = (pycountry.languages.get(**{key: value}) for key in ("alpha_2", "alpha_3", "name"))
    known = next((code for language in found if (code := getattr(language, "alpha_2", ""))), "")
    fix = f'did you mean "{known}"?' if known else "for example en"
    return None if known == value else ("an ISO 639-1 code", fix)


def _address(value: str) -> Verdict | None:
    fix = "copy it from the browser's address line"
    if not ADDRESS.fullmatch(value):
        return "an address without spaces that begins with http:// or https://", fix
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "an address of the World Wide Web", fix
    if parts.username is not None or port is not None or not (HOST.fullmatch(host) or _is_public(host)):
        return "an address of the World Wide Web: a public host, without user or port", fix
    return None


def _is_public(host: str) -> bool:
    """Whether ``host`` is a number by which everybody reaches the same machine."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _among(value: str) -> tuple[str, Callable[[], str]] | None:
    limits = [*countries.regions("un_m49_region"), "part"]
    rule = f"blank, or one of {', '.join(limits)}"
    return None if value in limits else (rule, lambda: guess(value, limits) or "for example Africa")


def _wording(value: str) -> Verdict | None:
    short = len(value.split()) <= schema.MAX_WORDING
    return None if short else (f"at most {schema.MAX_WORDING} words", "keep only the verb or the number")


def _pair_of_numbers(value: str) -> Verdict | None:
    rule, fix = (
        "two numbers with a slash between them, either of which may be missing",
        "for example 4/7, 100/ or /1000",
    )
    match = PAIR_OF_NUMBERS.fullmatch(value)
    if not match or not any(match.groups()):
        return rule, fix
    if not all(not part or NUMBER_FORMS["number"].fullmatch(part) for part in match.groups()):
        return rule, fix
    if all(match.groups()) and float(match[1]) > float(match[2]):
        return "the first number not above the second", "swap them"
    return None


def _form(column: str, value: str, pattern: str) -> Verdict:
    if column in FORMS:
        return FORMS[column]
    if pattern == IDENTIFIER:
        near = "-".join(re.findall(r"[a-z0-9_]+", value.lower()))
        rule = "lower-case letters, digits and underscores, with a hyphen between parts"
        return rule, f'write "{shown(near)}"' if near else "for example wsj-2025-04-01"
    return f'constraint "pattern" is "{pattern}"', "see data/CODEBOOK.md"
