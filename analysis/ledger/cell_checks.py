"""What one cell can have wrong by itself: what spreadsheets do to cells, what its column means, what the schema asks.

Everything here depends on table, column and value alone, so each distinct value is judged once. A verdict is a pair
of rule and fix. What a cell has to do with other cells belongs to ``checks``.
"""

import difflib
import re
from collections import Counter
from functools import lru_cache, partial
from itertools import filterfalse

import numpy as np
import pycountry

from analysis.ledger import schema
from analysis.values import countries, dates

SPACES = re.compile(r"[\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u3000]")
INVISIBLE = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
SMART = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "′": "'", "″": '"'})
PLAIN_NUMBER = {"integer": re.compile(r"[0-9]+"), "number": re.compile(r"[0-9]+(\.[0-9]+)?")}
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")
EDTF_COLUMNS = {"date", "published"}
DAY_COLUMNS = {"read_on", "coded_on", "checked_on"}
PLACE_COLUMNS = {"sender", "receiver", "payer", "payee"}
PARTIES = ("person", "organisation")
CURRENCY_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP"}
IDENTIFIER = "[a-z0-9_]+(-[a-z0-9_]+)*"
FORMS = {
    "claim_id": ("the letter c and five or more digits", "for example c00042"),
    "locator": ("the letter p and a number", "for example p4, the fourth non-empty line of the text held"),
    "text_sha256": ("64 digits, 0 to 9 and a to f", "copy the SHA-256 of the text again"),
}
MANY = 1_000  # strange values of one column for which a fix is looked up; more have one cause, and the first show it
COMPARED = 2_000_000  # words that one ``Nearest`` goes through before it gives no more suggestions


def strange(table, column, values):
    """Value → verdict for those of the distinct ``values`` that are no text, number, date, place or code as they are."""
    judge, number = _meaning(table, column), schema.fields(table)[column]["type"] in PLAIN_NUMBER
    rough, found = set(_rough(values)), {}
    for value in filter(None, values if judge else rough):
        if verdict := (value in rough and _text(value, number)) or (judge and judge(value)):
            rule, fix = verdict
            if callable(fix):
                fix = fix() if len(found) < MANY else "see data/CODEBOOK.md"
            found[value] = rule, fix
    return found


def _rough(values):
    """Values to look at closely: nearly all are plain, which is seen soonest for a hundred at once."""
    for start in range(0, len(values), 100):
        some = values[start : start + 100]
        if not _plain(some):
            yield from (value for value in some if not _plain([value]))


def _plain(values):
    joined = f"|{'|'.join(values)}|"
    spaced = "  " in joined or "| " in joined or " |" in joined
    return joined.isascii() and joined.isprintable() and not spaced


def unfit(table, column, values):
    """Value → verdict for those of the distinct ``values`` that the schema refuses: blank, or not of its pattern."""
    constraints, found = schema.fields(table)[column].get("constraints", {}), {}
    pattern = constraints.get("pattern")
    # All at once, first: a line feed in a value is not for the schema to find (``strange``).
    if pattern and not re.fullmatch(f"(?:(?:{pattern})?\n)*+", "\n".join([*values, ""])):
        refused = filterfalse(re.compile(pattern).fullmatch, filter(None, values))
        found = {value: _form(column, value, pattern) for value in refused}
    if constraints.get("required") and "" in values:
        coded = table in schema.CLAIM_TABLES and schema.codes(table, column)
        found[""] = (
            "not blank",
            f"fill it in{'; if the source does not say, the row cannot be coded yet' if coded else ''}",
        )
    return found


def _form(column, value, pattern):
    if column in FORMS:
        return FORMS[column]
    if pattern == IDENTIFIER:
        near = "-".join(re.findall(r"[a-z0-9_]+", value.lower()))
        rule = "lower-case letters, digits and underscores, with a hyphen between parts"
        return rule, f'write "{near}"' if near else "for example wsj-2025-04-01"
    return f'constraint "pattern" is "{pattern}"', "see data/CODEBOOK.md"


def _meaning(table, column):
    """What judges a value by the meaning of its column: value → verdict, or ``None`` where all is well."""
    kind = schema.fields(table)[column]["type"]
    if kind in PLAIN_NUMBER:
        return partial(_number, kind=kind)
    if column in EDTF_COLUMNS:
        return _date
    if column in DAY_COLUMNS:
        return _day
    if column in PLACE_COLUMNS:
        return partial(_place, parties=PARTIES if column in ("payer", "payee") else ())
    if known := schema.codes(table, column):
        return partial(_code, known=known)
    others = {"nationalities": _nationalities, "currency": _currency, "language": _language, "url": _address}
    return (others | {"among": _among, "wording": _wording}).get(column)


def _text(value, number):
    clean = " ".join(SPACES.sub(" ", INVISIBLE.sub("", value)).translate(SMART).split())
    if number:
        clean = _ungrouped(clean)
    for broken, rule in (
        (SPACES.search(value) or INVISIBLE.search(value), "no non-breaking or other special spaces"),
        (value != value.strip(), "no space at the start or end of a cell"),
        (re.search(r"[\x00-\x1f\x7f]", value), "no line break, tab or control character in a cell"),
        ("  " in value, "no double spaces"),
        (value.translate(SMART) != value, "straight quotes and apostrophes only"),
    ):
        if broken:
            return rule, f'write "{clean}"' if clean else "clear it"
    return None


def _ungrouped(number):
    grouped = re.fullmatch(r"[0-9]{1,3}([, ][0-9]{3})+(\.[0-9]+)?", number)
    return number.replace(",", "").replace(" ", "") if grouped else number


def _number(value, kind):
    if PLAIN_NUMBER[kind].fullmatch(value):
        return None
    rule = "a whole number in plain digits" if kind == "integer" else "a number in plain digits"
    plain = _ungrouped(value.lstrip("$€£~"))
    if re.match(r"[-−][0-9]", plain):
        return "not negative", "leave it blank if not reported"
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,2}", plain) and float(plain).is_integer():
        return rule, f"write {int(float(plain))}, if nothing was lost when it was shortened"
    if kind == "integer" and re.fullmatch(r"[0-9]+\.0+", plain):
        return rule, f"write {plain.split('.')[0]}"
    if PLAIN_NUMBER[kind].fullmatch(plain):
        return rule, f"write {plain}"
    if any(character.isalpha() for character in value):
        return rule, 'write digits only; keep words such as "dozens" in wording'
    return rule, "write digits only, or leave it blank if not reported"


def _date(value):
    try:
        dates.parse(value)
    except ValueError as error:
        near = _near_date(value)
        example = "for example 2025, 2025-05, 2025-05-06 or ../2025-05-06"
        return f"a date in EDTF ({error})", f"did you mean {near}?" if near else example


def _day(value):
    try:
        if not DAY.fullmatch(value):
            raise ValueError("not of the form YYYY-MM-DD")
        dates.parse(value)
    except ValueError as error:
        near = _near_date(value)
        return f"a day ({error})", f"did you mean {near}?" if near and DAY.match(near) else "for example 2025-05-06"


def _near_date(value):
    """What a mangled date may have been, or ``None``: no reading is offered that is not itself a date."""
    near = dates.suggest(value)
    try:
        for reading in (near or "").split(" (")[0].split(" or "):
            dates.parse(reading)
    except ValueError:
        return None
    return near


def _place(value, parties):
    if value in countries.table() or value in parties:
        return None

    def fix():
        if party := guess(value.casefold(), parties, 0.7):
            return party
        near = countries.nearest(value)
        return f'did you mean "{near}" ({countries.name(near)})?' if near else "see data/reference/places.csv"

    return f"an ISO 3166-1 alpha-3 code (XKX for Kosovo){', person or organisation' if parties else ''}", fix


def _nationalities(value):
    if all(code in countries.table() for code in value.split(";")):
        return None

    def fix():
        parts = [part.strip() for part in re.split("[;,/]", value) if part.strip()]
        near = [part if part in countries.table() else countries.nearest(part) for part in parts]
        return f'did you mean "{";".join(near)}"?' if near and None not in near else "see data/reference/places.csv"

    return "ISO 3166-1 alpha-3 codes (XKX for Kosovo) with a semicolon between them", fix


def _code(value, known):
    if value in known:
        return None

    def fix():
        codes = {label.casefold(): code for code, label in known.items()} | {code.casefold(): code for code in known}
        near = difflib.get_close_matches(value.casefold(), codes, n=1, cutoff=0.5)
        return f'did you mean "{codes[near[0]]}"?' if near else "see data/CODEBOOK.md"

    return f"one of {', '.join(known)}", fix


@lru_cache(maxsize=1)
def _currencies():
    return [currency.alpha_3 for currency in pycountry.currencies]


def _currency(value):
    if value in _currencies():
        return None
    meant = CURRENCY_SIGNS.get(value, value.upper())
    return "an ISO 4217 code", lambda: guess(meant, _currencies()) or "for example USD"


def _language(value):
    found = (pycountry.languages.get(**{key: value}) for key in ("alpha_2", "alpha_3", "name"))
    known = next((language.alpha_2 for language in found if hasattr(language, "alpha_2")), "")
    fix = f'did you mean "{known}"?' if known else "for example en"
    return None if known == value else ("an ISO 639-1 code", fix)


def _address(value):
    rule = "an address without spaces that begins with http:// or https://"
    return None if ADDRESS.fullmatch(value) else (rule, "copy it from the browser's address line")


def _among(value):
    limits = [*countries.regions("un_m49_region"), "part"]
    rule = f"blank, or one of {', '.join(limits)}"
    return None if value in limits else (rule, lambda: guess(value, limits) or "for example Africa")


def _wording(value):
    short = len(value.split()) <= schema.MAX_WORDING
    return None if short else (f"at most {schema.MAX_WORDING} words", "keep only the verb or the number")


def guess(value, known, cutoff=0.6):
    """``did you mean …?`` with the nearest of a few known words, or ``None``."""
    near = difflib.get_close_matches(value, known, n=1, cutoff=cutoff)
    return f'did you mean "{near[0]}"?' if near else None


class Nearest:
    """Of many words the one most like a value: what ``difflib.get_close_matches(value, words, n=1)`` gives, sooner.

    How many letters two words share bounds their likeness. The bound is worked out for all words at once, and words
    are compared in its order until no other can be more alike.
    """

    def __init__(self, words, cutoff=0.6):
        self.words, self.cutoff = list(words), cutoff
        self.lengths = np.array([len(word) for word in self.words], "int64")
        self.times = {}
        self.left = max(20, COMPARED // max(len(self.words), 1))

    def __call__(self, value, other_than=None):
        """The nearest word but ``other_than``; ``None`` if none is near, or after very many suggestions."""
        self.left -= 1
        if self.left < 0 or not self.words:
            return None
        bounds = 2 * self._shared(value) / (len(value) + self.lengths)
        likely = np.flatnonzero(bounds >= self.cutoff)
        matcher = difflib.SequenceMatcher(b=value)
        best = (self.cutoff, "")
        for place in likely[np.argsort(-bounds[likely])]:
            if bounds[place] < best[0]:
                break
            matcher.set_seq1(self.words[place])
            if self.words[place] != other_than:
                best = max(best, (matcher.ratio(), self.words[place]))
        return best[1] or None

    def _shared(self, value):
        shared = np.zeros(len(self.words), "int64")
        for letter, times in Counter(value).items():
            if letter not in self.times:
                self.times[letter] = np.array([word.count(letter) for word in self.words], "int64")
            shared += np.minimum(self.times[letter], times)
        return shared
