"""What the search field searches: a script file with countries by all their names, questions, outlets and claims.

A page opened from a folder may not fetch a file beside it, so the index is a script that sets one variable. What belongs
elsewhere: the search itself (``static/site.js``).
"""

import json
from math import log2
from typing import Any
from urllib.parse import quote

import pandas as pd
import pycountry

from analysis.display import tables, text
from analysis.report.site.claims import programme_beside
from analysis.report.site.pages import AFTER, BELOW, Pages
from analysis.values import countries
from analysis.views import provenance

# How much a hit weighs by what it is: a country before a page, a claim that another programme's report counts last.
WEIGHTS = {"country": 40, "page": 8, "outlet": 6, "claim": 1, "other programme": 0.05}

# Names in use that no reference table lists.
OTHER_NAMES = {
    "CIV": ("Ivory Coast",),
    "COD": ("DRC", "DR Congo", "Congo-Kinshasa", "Zaire", "Democratic Republic of the Congo"),
    "COG": ("Congo-Brazzaville", "Republic of the Congo"),
    "CPV": ("Cape Verde", "Cabo Verde"),
    "CZE": ("Czech Republic",),
    "GBR": ("UK", "Britain", "England"),
    "MKD": ("Macedonia",),
    "MMR": ("Burma",),
    "SWZ": ("Swaziland",),
    "TLS": ("East Timor",),
    "TUR": ("Turkey", "Türkiye"),
}


def other_names(code: str) -> list[str]:
    """What else a country is called: its official name, its codes, its name in other languages, forms in use."""
    place: Any = countries.table().get(code, {})
    iso = pycountry.countries.get(alpha_3=code)
    names = [code, *OTHER_NAMES.get(code, ()), *place.get("names", "").split(";"), place.get("adjectives", "")]
    names += [getattr(iso, "official_name", ""), getattr(iso, "common_name", ""), iso.alpha_2] if iso else []
    return sorted({name for name in names if name} - {countries.name(code)})


def names(pages: Pages) -> dict[str, list[dict]]:
    """Everything by name, by kind: ``text``, ``more`` (numbers), ``href``; ``also`` and ``names`` (what else it is called),
    ``claims`` (how many it has). Claims are left out.
    """
    claims = pages.claims
    per_country = claims["receiver"].value_counts()
    found = [
        {
            "text": countries.name(code),
            "more": text.plural(int(per_country[code]), "claim"),
            "also": "; ".join(name for name in OTHER_NAMES.get(code, ()) if name != countries.name(code)),
            "names": other_names(code),
            "href": f"countries/{code}.html",
        }
        for code in sorted(set(claims["receiver"].fillna("")) - {""}, key=countries.name)
    ]
    questions = [{"text": asked, "more": "", "href": f"{name}.html"} for name, asked in pages.questions.items()]
    questions += [{"text": label, "more": "", "href": href} for href, label in (*AFTER, *BELOW)]
    return {"Countries": found, "Questions and pages": questions, "Outlets": _outlets(pages)}


def _outlets(pages: Pages) -> list[dict]:
    """Who published what was read or credited: how many claims were read there, how many it was the first to report."""
    found = []
    for publisher, rows in provenance.source_list(pages.listed).groupby("publisher"):
        read, first = int(rows["claims"].sum()), int(rows["as_origin"].sum())
        facet = "outlet" if read >= first else "origin"
        told = [f"{text.plural(read, 'claim')} read there"] if read else []
        told += (
            [f"{first:,} first reported there" if read else f"{text.plural(first, 'claim')} first reported there"]
            if first
            else []
        )
        found.append(
            {
                "text": str(publisher),
                "more": ", ".join(told),
                "href": f"claims.html#{facet}={quote(str(publisher), safe='')}",
                "claims": max(read, first),
            }
        )
    return sorted(found, key=lambda one: one["text"].casefold())


def write(pages: Pages) -> None:
    """Write ``search-index.js``: ``ledgerIndex``, a list of [kind, text, more, other names, address, weight].

    Of hits that fit a search equally well, that with the larger weight comes first. The other names are joined by ``; ``:
    typed in full, each of them, like the text itself, is enough to open the page at once.
    """
    kinds = {"Countries": "country", "Questions and pages": "page", "Outlets": "outlet"}
    rows = []
    for kind, several in names(pages).items():
        for one in several:
            weight = WEIGHTS[kinds[kind]] * (1 + log2(1 + one.get("claims", 0)) / 10)
            others = "; ".join(one.get("names", ()))
            rows.append([kinds[kind], one["text"], one["more"], others, one["href"], round(weight, 2)])
    rows += _claims(pages)
    written = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    (pages.folder / "search-index.js").write_text(f"window.ledgerIndex={written};\n", encoding="utf-8", newline="")


def _claims(pages: Pages) -> list[list]:
    """The rows of the claims. One that is undated, or belongs to another programme, says so."""
    found = []
    said = tables.claims(pages.listed, pages.claims["claim_id"]).frame
    more = pages.claims.set_index("claim_id")[["source_publisher", "programme"]].fillna("").to_dict("index")
    for row in said.to_dict("records"):
        claim, beside = row["claim_id"], programme_beside(pages, more[row["claim_id"]]["programme"])
        publisher, origin = more[claim]["source_publisher"], row["origin_publisher"]
        read = publisher if publisher == origin else f"{publisher}, first reported by {origin}"
        marks = "; ".join([*([beside] if beside else []), *(["undated"] if pd.isna(row["public_on"]) else [])])
        what = f"{countries.name(row['receiver'])}: {row['says']}" if row["receiver"] else row["says"]
        kind = "other programme" if beside else "claim"
        shown = f"{what} ({marks})" if marks else what
        words = f"{claim} {read}: “{row['wording']}”"
        found.append([kind, shown, words, claim, f"{pages.claim_page[claim]}#{claim}", WEIGHTS[kind]])
    return found
