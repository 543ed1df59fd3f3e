"""Dates as spans: the part of EDTF (ISO 8601-2) that the ledger uses.

``2025``, ``2025-02``, ``2025-05-06``, an interval ``2025-01-20/2025-01-31``, an open end ``../2025-05-05`` or
``2025-04-01/..``, and ``~`` for *about* on any of them. Everything else is refused. The package ``edtf`` reads far
more, takes 7 to 11 ms a date and accepts days that do not exist; the tests use it as an oracle for this subset.
What belongs elsewhere: what a date says about a claim (``ledger``).

Typical use::

    dates.parse("2025-02").latest  # datetime.date(2025, 2, 28)
    dates.show("../2025-05-05")  # by 5 May 2025
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

_POINT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(~?)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}


@dataclass(frozen=True)
class Span:
    """The first and the last day a date can mean. ``None`` marks an end that is open; ``about`` marks ``~``."""

    earliest: dt.date | None
    latest: dt.date | None
    about: bool = False


def _point(text: str) -> Span:
    match = _POINT.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = int(match[1]), int(match[2]) if match[2] else None, int(match[3]) if match[3] else None
    if year == 0:
        raise ValueError("there is no year 0000")
    if month is not None and not 1 <= month <= 12:
        raise ValueError(f"there is no month {month:02d}")
    last = calendar.monthrange(year, month or 12)[1]
    if day is not None and not 1 <= day <= last:
        raise ValueError(f"{year}-{month:02d} has {last} days")
    return Span(dt.date(year, month or 1, day or 1), dt.date(year, month or 12, day or last), bool(match[4]))


@lru_cache(maxsize=65536)
def parse(text: str) -> Span:
    """The :class:`Span` of an EDTF date. Raises ``ValueError`` with the reason if it is not of the subset."""
    start, slash, end = text.partition("/")
    if not slash:
        return _point(text)
    if start == ".." and end == "..":
        raise ValueError("an interval open at both ends says nothing")
    first = Span(None, None) if start == ".." else _point(start)
    last = Span(None, None) if end == ".." else _point(end)
    if first.earliest and last.latest and first.earliest > last.latest:
        raise ValueError("the interval ends before it begins")
    return Span(first.earliest, last.latest, first.about or last.about)


def parse_day(text: str) -> dt.date:
    """The day written YYYY-MM-DD. Raises ``ValueError`` with the reason for all else, also for a month or an interval."""
    if not _DAY.fullmatch(text):
        raise ValueError("not of the form YYYY-MM-DD")
    day = parse(text).earliest
    assert day is not None  # a point has both ends
    return day


def suggest(text: str) -> str | None:
    """A likely EDTF spelling of a mangled date, or ``None``: ``Jul-25`` → ``2025-07``, ``4 May 2025`` → ``2025-05-04``.

    Orders of day and month that cannot be told apart (``7/4/2025``) give both readings.
    """
    text = text.strip().strip("\"'“”‘’")
    if match := re.fullmatch(r"([A-Za-z]{3,9})\.?[- ]([0-9]{2}|[0-9]{4})", text):
        month = _MONTHS.get(match[1][:3].lower())
        return f"{_year(match[2])}-{month:02d}" if month else None
    if match := re.fullmatch(r"([0-9]{1,2})[- ]([A-Za-z]{3,9})\.?(?:[- ,]+([0-9]{2}|[0-9]{4}))?", text):
        month = _MONTHS.get(match[2][:3].lower())
        return f"{_year(match[3])}-{month:02d}-{int(match[1]):02d}" if month and match[3] else None
    if match := re.fullmatch(r"([A-Za-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})", text):
        month = _MONTHS.get(match[1][:3].lower())
        return f"{match[3]}-{month:02d}-{int(match[2]):02d}" if month else None
    if match := re.fullmatch(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})", text):
        a, b = int(match[1]), int(match[2])
        readings = [f"{match[3]}-{m:02d}-{d:02d}" for m, d in ((a, b), (b, a)) if m <= 12 and d <= 31]
        return " or ".join(dict.fromkeys(readings)) or None
    if match := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].*)?", text):
        return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
    if match := re.fullmatch(r"([0-9]{4})[-/]([0-9]{1,2})", text):
        return f"{match[1]}-{int(match[2]):02d}"
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text):
        day = dt.date(1899, 12, 30) + dt.timedelta(days=int(float(text)))
        return f"{day.isoformat()} (if {text} is a spreadsheet's serial number)"
    return None


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def show(text: str) -> str:
    """An EDTF date as a reader would write it: ``../2025-04-01`` → ``by 1 Apr 2025``; blank → ``not reported``."""
    if not text:
        return "not reported"
    start, slash, end = text.partition("/")
    if not slash:
        return _show_point(text)
    if start == "..":
        return f"by {_show_point(end)}"
    if end == "..":
        return f"{_show_point(start)} or later"
    if start == end:
        return _show_point(start)
    return _between(_show_point(start), _show_point(end))


def show_days(first: dt.date, last: dt.date) -> str:
    """The days from ``first`` to ``last``: ``6 May 2025``, ``6 to 9 May 2025``, ``30 Apr to 9 May 2025``."""
    return show_day(last) if first == last else _between(show_day(first), show_day(last))


def _between(start: str, end: str) -> str:
    """``start to end``, without what the start shares with the end: a year, a month and a year. Where only about one of them
    something is said, both stand whole.
    """
    first, last = start.split(), end.split()
    while "about" not in first + last and len(first) > 1 and len(first) == len(last) and first[-1] == last[-1]:
        first.pop()
        last.pop()
    return f"{' '.join(first)} to {end}"


def _show_point(text: str) -> str:
    about = "about " if text.endswith("~") else ""
    parts = [int(part) for part in text.rstrip("~").split("-")]
    words = [str(parts[0])]
    if len(parts) > 1:
        words.insert(0, calendar.month_abbr[parts[1]])
    if len(parts) > 2:
        words.insert(0, str(parts[2]))
    return about + " ".join(words)


def show_day(day: dt.date | None) -> str:
    """A day as a reader would write it: ``6 May 2025``; nothing for a missing one (``None`` or ``NaT``)."""
    return "" if day is None or day != day else f"{day.day} {calendar.month_abbr[day.month]} {day.year}"
