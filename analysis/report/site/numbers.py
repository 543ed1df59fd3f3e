"""A page for each published number: what it counts, what it rests on, the countries and the claims behind it.

What belongs elsewhere: the numbers (``views.answers``), the rules by which they are made (Method).
"""

from analysis.display import text
from analysis.ledger import schema
from analysis.report.site.pages import Pages
from analysis.values import countries
from analysis.views import positions, provenance
from analysis.views.answers import Answer

CRUMBS = (("index.html", "Overview"),)
RULE = {"people": "people", "usd": "money"}  # the rule's heading in the Method, by the quantity's first word
STOPPED = "countries_agreed_stopped"
COUNTS_IF = {
    STOPPED: "A country counts here if every one of its arrangements at its furthest step was reported as declined, halted or "
    "ended, for a day not before that step was reached."
}  # the rule in a sentence, where the number's name does not say it


def write(pages: Pages, computed: dict[str, Answer], claims: list[dict]) -> None:
    """Write ``numbers/NAME.html`` for each answer. ``claims`` are those of ``claims.rows``."""
    for name, answer in computed.items():
        title, behind = f"{answer.words} {answer.label}", set(answer.claim_ids)
        body = pages.render(
            "number.html.j2",
            answer=answer,
            weakness=text.weakness(answer),
            counts_if=COUNTS_IF.get(name, ""),
            in_part=stopped_in_part(pages, answer) if name == STOPPED else [],
            rule=RULE.get(name.split("_")[0], "position"),
            countries=sorted(answer.receivers, key=countries.name),
            rows=[row for row in claims if row["claim_id"] in behind],
        )
        pages.write(f"numbers/{name}.html", title, body, CRUMBS, contents=[])


def stopped_in_part(pages: Pages, stopped: Answer) -> list[dict]:
    """Countries of which some arrangement that was agreed was stopped since, but not all, as of those in ``stopped``.

    Each has its ``receiver``, ``words`` (which arrangement, and how) and ``claim_ids``.
    """
    agreed = positions.at_least(positions.by_arrangement(pages.ledger, pages.parameters), "agreed")
    found = []
    for receiver, rows in agreed.groupby("receiver"):
        part = rows["stopped_since"]
        if receiver in stopped.receivers or not part.any():
            continue
        steps = [[schema.label("steps", "step", code) for code in provenance.split(since)] for since in rows["since"]]
        words = [
            f"{kind}: {', '.join(since)}" for kind, since in zip(positions.kinds(rows), steps, strict=True) if since
        ]
        ids = provenance.split(provenance.merged(rows.loc[part, "since_claim_ids"]))
        found.append({"receiver": receiver, "words": "; ".join(words), "claim_ids": ids})
    return sorted(found, key=lambda one: countries.name(one["receiver"]))
