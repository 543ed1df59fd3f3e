"""Pages that are one list: sources, denials, and everything by name.

What belongs elsewhere: the views and the tables they show.
"""

import pandas as pd
from markupsafe import Markup

from analysis.display import tables
from analysis.ledger import schema
from analysis.report.site import addresses, search_index
from analysis.report.site.pages import Pages
from analysis.values import countries, dates
from analysis.views import provenance

PAGES = ("sources.html", "denials.html", "find.html")
CRUMBS = (("index.html", "Overview"),)


def write(pages: Pages, denied: pd.DataFrame) -> None:
    """Write the three pages; ``denied`` is the result of ``denials.statements``."""
    rows = sources(pages)
    read = {code: sum(row["read"] == code for row in rows) for code in schema.codes("sources", "read")}
    pages.write("sources.html", "Sources", pages.render("sources.html.j2", rows=rows, read=read), CRUMBS)
    disputing = denied[denied["disputes_position"]]
    elsewhere = denied[denied["disputes_arrangement"] & ~denied["disputes_position"]]
    body = pages.render(
        "denials.html.j2",
        table=Markup(tables.denials(denied).to_html()),
        count=len(denied),
        claims=denied["claim_ids"].map(provenance.split).map(len).sum(),
        countries=denied["receiver"].nunique(),
        disputing=len(disputing),
        disputed=sorted(disputing["receiver"].unique(), key=countries.name),
        elsewhere=len(elsewhere),
        disputed_elsewhere=sorted(elsewhere["receiver"].unique(), key=countries.name),
        answered=int((denied["later_steps"] != "").sum()),
    )
    pages.write("denials.html", "Denials", body, CRUMBS)
    pages.write("find.html", "Find", pages.render("find.html.j2", names=search_index.names(pages)), CRUMBS)


def sources(pages: Pages) -> list[dict]:
    """Every source read or credited, as the template shows it."""
    return [
        row
        | {
            "url": addresses.safe(row["url"]),
            "archived": addresses.archived(row["url"], row["published_latest"]),
            "published_words": dates.show(row["published"]) if row["published"] else "unknown",
            "kind_words": schema.label("sources", "kind", row["kind"]),
            "read_words": schema.label("sources", "read", row["read"]),
        }
        for row in provenance.source_list(pages.listed).to_dict("records")
    ]
