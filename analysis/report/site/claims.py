"""Every claim: one row each to search through, and one block each with everything about it.

The rows stand in ``claims.html``, the blocks in ``claims/XXX.html``, a page per country, so that no page grows with the whole
ledger. What belongs elsewhere: what a claim says in words (``display.tables``), which claims retell which (``retellings``).
"""

import pandas as pd

from analysis.display import tables
from analysis.ledger import schema
from analysis.report import dataset
from analysis.report.site import addresses
from analysis.report.site.pages import NO_COUNTRY, Pages
from analysis.values import countries, dates
from analysis.views import provenance, retellings

CRUMBS = (("index.html", "Overview"), ("claims.html", "Claims"))
DATED = {
    "stated": "printed in the source",
    "computed": "worked out from words such as “Tuesday”",
    "bounded": "the source gives no day",
}
KINDS = {"payments": ("stage", "money"), "transfers": ("population", "people"), "tallies": ("counted", "count")}


def write(pages: Pages, found: list[dict]) -> None:
    """Write ``claims.html`` and the pages with the blocks. ``found`` are the :func:`rows`."""
    newest_first = sorted(found, key=lambda row: pd.Timestamp.min if row["undated"] else row["public_on"], reverse=True)
    everything = sorted(newest_first, key=lambda row: (row["undated"], row["doubtful"]))
    body = pages.render(
        "claims.html.j2",
        rows=everything,
        outlets=len({row["source_publisher"] for row in everything}),
        undated=len(pages.ledger.undated),
    )
    pages.write("claims.html", "Claims", body, CRUMBS[:1])
    related = retellings.related(pages.listed).to_dict("index")
    by_page: dict[str, list[dict]] = {}
    for row in everything:
        by_page.setdefault(row["page"], []).append(row | related[row["claim_id"]] | cite(pages, row))
    known = {row["claim_id"]: row for row in everything}
    for page, blocks in sorted(by_page.items()):
        title = f"Claims about {blocks[0]['country']}" if page != NO_COUNTRY else "Claims about no single country"
        body = pages.render("claim_blocks.html.j2", title=title, blocks=blocks, code=page, known=known)
        pages.write(f"claims/{page}.html", title, body, CRUMBS, contents=[])


def rows(pages: Pages) -> list[dict]:
    """What pages show of each claim, in the order of their numbers: the ledger's columns, words for codes, addresses."""
    claims = pages.claims.fillna({"receiver": "", "instrument": "", "programme": ""})
    claims = claims.sort_values("claim_id", key=lambda column: column.map(provenance.claim_number))
    said = tables.claims(pages.listed, claims["claim_id"]).frame.set_index("claim_id")["says"]
    kinds = _kinds(pages)
    sources = pages.ledger.sources.set_index("source_id")
    addresses_of = sources["url"].to_dict()
    titles = sources["title"].to_dict()
    found = []
    for row in claims.to_dict("records"):
        url = addresses_of.get(row["source_id"], "")
        code = row["receiver"]
        found.append(
            row
            | {
                "page": code or NO_COUNTRY,
                "country": countries.name(code) if code else "no single country",
                "kind": kinds[row["claim_id"]],
                "says": said[row["claim_id"]],
                "denies": row["stance"] == "denies",
                "undated": pd.isna(row["public_on"]),
                "beside": programme_beside(pages, row["programme"]),
                "when": dates.show(row["date"]) if row["date"] else "",
                "dated": DATED.get(row["date_basis"], ""),
                "place": f"paragraph {row['locator'][1:]}" if row["locator"] else "",
                "basis_words": schema.label("steps", "basis", row["basis"]),
                "programme_words": schema.label("arrangements", "programme", row["programme"]),
                "instrument_words": schema.label("arrangements", "instrument", row["instrument"]),
                "title": titles.get(row["source_id"], ""),
                "url": addresses.safe(url),
                "at_the_words": addresses.at_the_words(url, row["wording"]),
                "archived": addresses.archived(url, row["published_latest"]),
            }
        )
    return found


def programme_beside(pages: Pages, programme: str) -> str:
    """The programme of a claim in words, where it is not the one that the report counts; else blank."""
    counted = programme in ("", pages.parameters.programme)
    return "" if counted else schema.label("arrangements", "programme", programme)


def _kinds(pages: Pages) -> dict[str, str]:
    """What each claim is about, for sorting out: a step in words, ``money: paid``, ``people: ceiling``."""
    found = {}
    for table in schema.CLAIM_TABLES:
        column, before = KINDS.get(table, ("step", ""))
        for row in getattr(pages.listed, table).to_dict("records"):
            if table == "acts":
                found[row["claim_id"]] = "act of a court or agency"
            else:
                words = schema.label(table, column, row[column])
                found[row["claim_id"]] = f"{before}: {words}" if before else words
    return found


def cite(pages: Pages, row: dict) -> dict:
    """How a claim is cited: ``citation`` in a line, ``bibtex`` for a reference manager."""
    title = row["title"] or "untitled"
    year = f"{row['published_latest']:%Y}" if pd.notna(row["published_latest"]) else "n.d."
    day = dates.show_day(row["published_latest"]) if pd.notna(row["published_latest"]) else "undated"
    ledger = f"Third-Country Ledger, data version {dataset.version()}, as of {dates.show_day(pages.ledger.as_of)}"
    citation = f"{row['source_publisher']}: {title} ({day}). {row['url']} Claim {row['claim_id']} of the {ledger}."
    fields = {
        "author": f"{{{row['source_publisher']}}}",
        "title": title,
        "year": year,
        "url": row["url"],
        "note": f"Claim {row['claim_id']} of the {ledger}",
    }
    lines = [f"  {name} = {{{_bibtex(value)}}}" for name, value in fields.items() if value]
    return {"citation": citation, "bibtex": "@misc{" + ",\n".join([row["claim_id"], *lines]) + "\n}"}


def _bibtex(text: str) -> str:
    for character in "&%$#_":
        text = text.replace(character, f"\\{character}") if not text.startswith("http") else text
    return text
