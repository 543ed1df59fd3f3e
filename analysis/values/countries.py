"""Countries: names, codes, regions, how they are printed. The table is written by data/reference/make_reference.py.

What belongs elsewhere: which country a claim is about (``ledger``), and counting countries (``views``).

Typical use::

    countries.name("RWA")  # Rwanda
    countries.region("XKX", "un_m49_region")  # Europe
"""

import csv
import difflib
import io
import re
from dataclasses import dataclass
from typing import TypedDict

from analysis.values import paths
from analysis.values.file_contents import FileContents
from analysis.values.problems import LedgerError, Problem

REGION_SCHEMES = {
    "un_m49_region": "UN M49 region",
    "un_m49_subregion": "UN M49 sub-region",
    "world_bank_region": "World Bank region",
}

# Short forms in print that no reference table lists. Only what the evidence check needs to recognise a country.
PRINTED_FORMS = {
    "XKX": ["Kosovar", "Kosovan"],
    "GBR": ["UK", "U.K.", "Britain"],
    "COD": ["DRC", "DR Congo", "Congo-Kinshasa"],
    "SWZ": ["Swaziland"],
    "GNQ": ["Equatoguinean"],
    "CZE": ["Czech"],
    "BIH": ["Bosnia"],
    "CPV": ["Cabo Verde"],
    "CIV": ["Cote d'Ivoire"],
}
# Names that take an article in a sentence; those that bear one, as The Gambia, keep it.
WITH_ARTICLE = re.compile(
    r"\b(Republic|Islands|Kingdom|States|Emirates|Territory|Netherlands|Philippines|Comoros|Maldives)\b"
)
# Places that are no country and hold the name of one.
OTHER_PLACES = (
    "New Mexico", "Gulf of Mexico", "New Jersey", "Northern Ireland", "Guantanamo Bay, Cuba", "Guantánamo Bay, Cuba",
)  # fmt: skip


class Place(TypedDict):
    """One row of places.csv, all as text; ``names`` and ``adjectives`` hold several with semicolons between them."""

    iso3: str
    numeric: str
    name: str
    adjectives: str
    un_m49_region: str
    un_m49_subregion: str
    world_bank_region: str
    latitude: str
    longitude: str
    names: str


@dataclass(frozen=True)
class _Contents:
    places: dict[str, Place]
    forms: dict[str, list[str]]  # code → how the country and its people are printed
    patterns: dict[str, re.Pattern[str]]  # code → what finds it in a text, made when it is first asked for


def table() -> dict[str, Place]:
    """The row of places.csv of each country by ISO 3166-1 alpha-3 code (``XKX`` for Kosovo).

    Raises :class:`LedgerError` if the file is not what make_reference.py writes.
    """
    return _contents().places


def name(iso3: str) -> str:
    """Short English name; ``not one country`` for none; a code that is not a country (``person``) as it is."""
    if not iso3:
        return "not one country"
    row = table().get(iso3)
    return row["name"] if row else iso3


def in_text(iso3: str) -> str:
    """The name as it stands within a sentence: ``the Dominican Republic``, ``Rwanda``."""
    known = name(iso3)
    return f"the {known}" if WITH_ARTICLE.search(known) else known


def region(iso3: str, scheme: str) -> str:
    """The country's region in ``scheme``, ``not classified`` where the scheme leaves it out. ``KeyError`` for others."""
    return _region(table()[iso3], scheme) or "not classified"


def regions(scheme: str) -> list[str]:
    """All regions of ``scheme`` in alphabetical order. ``KeyError`` for an unknown scheme."""
    return sorted({region for row in table().values() if (region := _region(row, scheme))})


def coordinates(iso3: str) -> tuple[float, float]:
    """Label position as (longitude, latitude) in degrees."""
    row = table()[iso3]
    return float(row["longitude"]), float(row["latitude"])


def nearest(text: str) -> str | None:
    """The alpha-3 code of the country whose name, code or printed form is nearest to ``text``, or ``None``."""
    wanted = text.strip().casefold()
    by_name = {row["name"].casefold(): code for code, row in table().items()}
    by_name |= {code.casefold(): code for code in table()}
    by_name |= {form.casefold(): code for code, forms in PRINTED_FORMS.items() for form in forms}
    import pycountry  # only a hint needs it; whoever loads the data has pandas alone

    by_name |= {country.alpha_2.casefold(): country.alpha_3 for country in pycountry.countries}
    close = difflib.get_close_matches(wanted, by_name, n=1, cutoff=0.6)
    return by_name[close[0]] if close else None


def mentioned(iso3: str, text: str) -> bool:
    """Whether ``text`` holds a name of the country in one of the languages of the table, or its English adjective.

    A longer name of another place that holds this one does not count: "South Sudan" does not mention Sudan.
    """
    contents = _contents()
    if iso3 not in contents.patterns:
        contents.patterns[iso3] = _pattern(iso3, contents.forms)
    return any(match["own"] for match in contents.patterns[iso3].finditer(text))


def _region(row: Place, scheme: str) -> str:
    if scheme not in REGION_SCHEMES:
        raise KeyError(scheme)
    return str(dict(row)[scheme])


def _pattern(iso3: str, forms: dict[str, list[str]]) -> re.Pattern[str]:
    own = forms[iso3]
    folded = {form.casefold() for form in own}
    others = {form for code, known in forms.items() if code != iso3 for form in known} | set(OTHER_PLACES)
    longer = [form for form in others if form.casefold() not in folded and _holds_one_of(form.casefold(), folded)]
    # The longest form comes first, because the first that fits is taken.
    return re.compile(f"(?P<other>{_alternatives(longer)})|(?P<own>{_alternatives(own)})", re.IGNORECASE)


def _holds_one_of(form: str, parts: set[str]) -> bool:
    return any(part in form for part in parts)


def _alternatives(forms: list[str]) -> str:
    if not forms:
        return "(?!)"
    # A plural may follow in English (Rwandans); other scripts inflect and have no word edge to hold on to.
    return "|".join(
        rf"(?<!\w){re.escape(form)}s?(?!\w)" if form.isascii() else re.escape(form)
        for form in sorted(forms, key=lambda form: (-len(form), form))
    )


def _parse(data: bytes) -> _Contents:
    file = paths.relative(paths.REFERENCE / "places.csv")
    fix = "write the file again with data/reference/make_reference.py"
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise LedgerError([Problem(file, 0, "", "", f"a CSV file in UTF-8 ({error})", fix)]) from None
    wanted = list(Place.__annotations__)
    header = rows[0] if rows else []
    problems = [
        Problem(file, 1, column, "", "a column of this table", fix) for column in wanted if column not in header
    ]
    problems += [
        Problem(file, number, "", "", "every row has as many cells as the header", fix)
        for number, row in enumerate(rows[1:], 2)
        if len(row) != len(header)
    ]
    if problems:
        raise LedgerError(problems)
    places: dict[str, Place] = {}
    for row in rows[1:]:
        place = dict(zip(header, row, strict=True))
        places[place["iso3"]] = Place(**{column: place[column] for column in wanted})  # type: ignore[typeddict-item]
    forms = {
        code: [
            form
            for form in {
                place["name"],
                *place["names"].split(";"),
                *place["adjectives"].split(";"),
                *PRINTED_FORMS.get(code, []),
            }
            if form
        ]
        for code, place in places.items()
    }
    return _Contents(places, forms, {})


_contents = FileContents(lambda: paths.REFERENCE / "places.csv", _parse)
