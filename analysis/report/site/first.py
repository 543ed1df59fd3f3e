"""The first page: four numbers that open their claims, the map, what changed last, how much hangs on choices.

What belongs elsewhere: the numbers (``views.answers``), the figures (the notebooks).
"""

import json

import pandas as pd
from markupsafe import Markup

from analysis.display import text
from analysis.ledger import schema
from analysis.report import dataset, describe
from analysis.report.site import prose
from analysis.report.site.changes import Month
from analysis.report.site.pages import Pages
from analysis.values import dates, ranges
from analysis.views import answers, provenance, sensitivity

FOUR = ("countries_received", "countries_agreed", "people_at_least", "usd_paid")
UNDER = {
    "countries_received": "countries are reported to have received people",
    "countries_agreed": "countries are reported to have agreed or gone further",
    "people_at_least": "people moved, at least",
    "usd_paid": "US dollars reported as paid",
}
NEWEST = 6  # pieces of news on the first page
MAP = "world_map"
CHOICES = "sensitivity"  # in the name of the notebook that shows the answers under other choices


def write(
    pages: Pages,
    questions: dict[str, dict],
    computed: dict[str, answers.Answer],
    choices: pd.DataFrame,
    months: list[Month],
) -> None:
    """Write ``index.html``; ``choices`` are the answers by ``sensitivity.by_choice``."""
    asked = [
        {"href": f"{name}.html", "question": part["question"], "sentence": prose.inline(part["headline"])}
        for name, part in questions.items()
        if name in pages.questions
    ]
    body = pages.render(
        "index.html.j2",
        numbers=[_number(computed[name], choices) for name in FOUR],
        map=_map(questions),
        newest=_newest(pages, months),
        choices=next((f"{name}.html" for name in pages.questions if CHOICES in name), "method.html#sensitivity"),
        questions=asked,
        claims=len(pages.claims),
        undated=len(pages.ledger.undated),
        sources=len(provenance.source_list(pages.listed)),
        views=schema.views()["resources"],
        raw=[resource["path"] for resource in schema.package()["resources"]],
        described=_described(pages),
        version=dataset.version(),
        as_of=dates.show_day(pages.ledger.as_of),
        newest_report=pages.newest_report,
    )
    pages.write("index.html", "Overview", body, contents=[])


def _described(pages: Pages) -> Markup:
    """The data set as search engines read it; a ``<`` in it could end the element."""
    content = describe.json_ld(pages.ledger, dataset.version(), "data/")
    return Markup(json.dumps(content, ensure_ascii=False).replace("<", "\\u003c"))


def _number(answer: answers.Answer, choices: pd.DataFrame) -> dict:
    low, high = sensitivity.holds_under_all(choices)[answer.name]
    words = [_short(answer, value) for value in (low, high)]
    under = UNDER[answer.name]
    return {"answer": answer, "under": under, "low": words[0], "high": words[1], "weakness": text.weakness(answer)}


def _short(answer: answers.Answer, value: float) -> str:
    """A value as the answer's own words have it."""
    if answer.unit == answers.USD and value >= 1_000_000:
        return f"{text.millions(value)} million"
    return ranges.number(value)


def _map(questions: dict[str, dict]) -> dict | None:
    for name, part in questions.items():
        if MAP in part["figures"]:
            figure = part["figures"][MAP]
            return {
                "svg": Markup(figure["svg"]),
                "narrow": Markup(figure["narrow"]),
                "title": figure["title"],
                "href": f"{name}.html",
            }
    return None


def _newest(pages: Pages, months: list[Month]) -> list[dict]:
    """What was reported last, the newest first.

    Each has its ``sentence``, the ``day`` by which it was public, and the first of its claims.
    """
    public_on = pages.claims.set_index("claim_id")["public_on"]
    news = [
        (one["sentence"], one["claim_ids"], pd.Period(month.key).start_time)
        for month in months
        for one in month.changes
    ]
    dated = []
    for sentence, ids, since in news:
        days = {claim: public_on[claim] for claim in ids if claim in public_on and public_on[claim] >= since}
        if days:
            claim = min(days, key=days.__getitem__)
            words = sentence.replace(f" ({dates.show_day(days[claim])})", "")  # the day stands above it
            dated.append({"sentence": words, "claim": claim, "day": days[claim]})
    return sorted(dated, key=lambda one: one["day"], reverse=True)[:NEWEST]
