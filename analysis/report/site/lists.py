"""Pages that are one list: sources, denials, what hangs on choices, and everything by name.

What belongs elsewhere: the views and the tables they show.
"""

import pandas as pd
from markupsafe import Markup

from analysis.display import tables
from analysis.ledger import schema
from analysis.report.site import addresses, search_index
from analysis.report.site.pages import Pages
from analysis.values import dates
from analysis.views import provenance, sensitivity
from analysis.views.answers import Answer

CRUMBS = (("index.html", "Overview"),)


def write(pages: Pages, denied: pd.DataFrame, computed: dict[str, Answer]) -> None:
    """Write the four pages."""
    pages.write("sources.html", "Sources", pages.render("sources.html.j2", rows=sources(pages)), CRUMBS)
    disputing = int(denied["disputes_position"].sum())
    answered = int((denied["later_steps"] != "").sum())
    table = Markup(tables.denials(denied).to_html())
    body = pages.render("denials.html.j2", table=table, count=len(denied), disputing=disputing, answered=answered)
    pages.write("denials.html", "Denials", body, CRUMBS)
    choices = tables.choices(sensitivity.by_choice(pages.ledger, pages.parameters), computed)
    schemes = tables.region_schemes(sensitivity.by_region_scheme(pages.ledger, pages.parameters))
    shown = [Markup(table.to_html()) for table in (choices, schemes)]
    pages.write("choices.html", "What hangs on choices", pages.render("choices.html.j2", tables=shown), CRUMBS)
    pages.write("find.html", "Find", pages.render("find.html.j2", names=search_index.names(pages)), CRUMBS)


def sources(pages: Pages) -> list[dict]:
    """Every source read or credited, as the template shows it."""
    found = []
    for row in provenance.source_list(pages.ledger).to_dict("records"):
        found.append(
            row
            | {
                "url": addresses.safe(row["url"]),
                "archived": addresses.archived(row["url"], row["published_latest"]),
                "published_words": dates.show(row["published"]) if row["published"] else "unknown",
                "kind_words": schema.label("sources", "kind", row["kind"]),
                "read_words": schema.label("sources", "read", row["read"]),
            }
        )
    return found
