"""What the search field searches: a script file with countries by all their names, questions, outlets and claims.

A page opened from a folder may not fetch a file beside it, so the index is a script that sets one variable. What belongs
elsewhere: the search itself (``static/site.js``).
"""

import json
from typing import Any
from urllib.parse import quote

import pycountry

from analysis.display import tables
from analysis.report.site.pages import AFTER, BELOW, Pages
from analysis.values import countries
from analysis.views import provenance

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
    """Everything by name, by kind: ``text``, ``more`` (other names, numbers), ``href``. Claims are left out."""
    claims = pages.claims
    per_country = claims["receiver"].value_counts()
    found = [
        {
            "text": countries.name(code),
            "more": f"{per_country[code]} claim{'s' if per_country[code] != 1 else ''}",
            "also": "; ".join(name for name in OTHER_NAMES.get(code, ()) if name != countries.name(code)),
            "terms": " ".join(other_names(code)),
            "href": f"countries/{code}.html",
        }
        for code in sorted(set(claims["receiver"].fillna("")) - {""}, key=countries.name)
    ]
    questions = [{"text": text, "more": "", "href": f"{name}.html"} for name, text in pages.questions.items()]
    questions += [{"text": label, "more": "", "href": href} for href, label in (*AFTER, *BELOW)]
    return {"Countries": found, "Questions and pages": questions, "Outlets": _outlets(pages)}


def _outlets(pages: Pages) -> list[dict]:
    sources = provenance.source_list(pages.ledger)
    found = []
    for publisher, rows in sources.groupby("publisher"):
        count = int(rows["claims"].sum())
        read = f"claims.html#outlet={quote(str(publisher), safe='')}"
        href = read if count else f"sources.html#{rows['source_id'].iloc[0]}"
        more = f"{count} claim{'s' if count != 1 else ''}" if count else "credited by others"
        found.append({"text": str(publisher), "more": more, "href": href})
    return sorted(found, key=lambda one: one["text"].casefold())


def write(pages: Pages) -> None:
    """Write ``search-index.js``: ``ledgerIndex``, a list of [kind, text, more, other terms, address]."""
    kinds = {"Countries": "country", "Questions and pages": "page", "Outlets": "outlet"}
    rows = [
        [kinds[kind], one["text"], one["more"], one.get("terms", ""), one["href"]]
        for kind, several in names(pages).items()
        for one in several
    ]
    said = tables.claims(pages.ledger, pages.claims["claim_id"]).frame
    wanted = pages.claims.set_index("claim_id")["source_publisher"]
    for row in said.to_dict("records"):
        country = countries.name(row["receiver"]) if row["receiver"] else ""
        text = f"{country}: {row['says']}" if country else row["says"]
        words = f"{row['claim_id']} {wanted[row['claim_id']]}: “{row['wording']}”"
        rows.append(["claim", text, words, "", f"{pages.claim_page[row['claim_id']]}#{row['claim_id']}"])
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    (pages.folder / "search-index.js").write_text(f"window.ledgerIndex={text};\n", encoding="utf-8", newline="")
