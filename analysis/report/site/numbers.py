"""A page for each published number: what it counts, what it rests on, the countries and the claims behind it.

What belongs elsewhere: the numbers (``views.answers``), the rules by which they are made (Method).
"""

from analysis.display import text
from analysis.report.site.pages import Pages
from analysis.values import countries
from analysis.views.answers import USD, Answer

CRUMBS = (("index.html", "Overview"),)
RULE = {"people": "people", "usd": "money"}  # the rule's heading in the Method, by the quantity's first word


def write(pages: Pages, computed: dict[str, Answer], claims: list[dict]) -> None:
    """Write ``numbers/NAME.html`` for each answer. ``claims`` are those of ``claims.rows``."""
    for name, answer in computed.items():
        title, behind = f"{answer.words} {answer.label}", set(answer.claim_ids)
        body = pages.render(
            "number.html.j2",
            answer=answer,
            title=title,
            weakness=text.weakness(answer),
            rule=RULE.get(name.split("_")[0], "position"),
            countries=sorted(answer.receivers, key=countries.name) if answer.unit != USD or answer.receivers else [],
            rows=[row for row in claims if row["claim_id"] in behind],
        )
        pages.write(f"numbers/{name}.html", title, body, CRUMBS, contents=[])
