"""Countries: names, codes, regions. The table is written by data/reference/make_reference.py from kept libraries."""

import csv
import difflib
import re
from functools import lru_cache

import pycountry

from analysis.values import paths

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


@lru_cache(maxsize=1)
def table():
    """One dict per country by ISO 3166-1 alpha-3 code (``XKX`` for Kosovo): the columns of places.csv."""
    with (paths.REFERENCE / "places.csv").open(encoding="utf-8", newline="") as handle:
        return {row["iso3"]: row for row in csv.DictReader(handle)}


def name(iso3):
    """Short English name; ``not one country`` for none; a code that is not a country (``person``) as it is."""
    if not iso3:
        return "not one country"
    row = table().get(iso3)
    return row["name"] if row else iso3


def region(iso3, scheme):
    """The country's region in ``scheme``, ``not classified`` where the scheme leaves it out. ``KeyError`` for others."""
    return table()[iso3][scheme] or "not classified"


def regions(scheme):
    """All regions of ``scheme`` in alphabetical order."""
    return sorted({row[scheme] for row in table().values() if row[scheme]})


def coordinates(iso3):
    """Label position as (longitude, latitude) in degrees."""
    row = table()[iso3]
    return float(row["longitude"]), float(row["latitude"])


def nearest(text):
    """The alpha-3 code of the country whose name, alpha-3 code or printed form is nearest to ``text``, or ``None``."""
    wanted = text.strip().casefold()
    by_name = {row["name"].casefold(): code for code, row in table().items()}
    by_name |= {code.casefold(): code for code in table()}
    by_name |= {form.casefold(): code for code, forms in PRINTED_FORMS.items() for form in forms}
    by_name |= {code: alpha3 for alpha3, code in ((c.alpha_3, c.alpha_2.casefold()) for c in pycountry.countries)}
    close = difflib.get_close_matches(wanted, by_name, n=1, cutoff=0.6)
    return by_name[close[0]] if close else None


@lru_cache(maxsize=512)
def _pattern(iso3):
    row = table()[iso3]
    words = [row["name"], *row["names"].split(";"), *row["adjectives"].split(";"), *PRINTED_FORMS.get(iso3, [])]
    words = sorted({w for w in words if w}, key=len, reverse=True)
    # A plural may follow in English (Rwandans); other scripts inflect and have no word edge to hold on to.
    return re.compile(
        "|".join(rf"(?<!\w){re.escape(w)}s?(?!\w)" if w.isascii() else re.escape(w) for w in words), re.IGNORECASE
    )


def mentioned(iso3, text):
    """Whether ``text`` holds a name of the country in one of the languages of the table, or its English adjective."""
    return bool(_pattern(iso3).search(text))
