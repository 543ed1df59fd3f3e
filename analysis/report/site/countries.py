"""The list of countries, and the page of each: a box with the answers, what was reported in order, then the notebook's tables.

What belongs elsewhere: where a country stands and what it was paid (the views), the tables below (``country_brief``).
"""

from collections.abc import Iterable

import pandas as pd
from markupsafe import Markup

from analysis.display import tables
from analysis.ledger import Ledger, schema
from analysis.report.site import addresses
from analysis.report.site.pages import Pages
from analysis.values import countries, dates, ranges
from analysis.views import answers, chronology, payments, positions, provenance

CRUMBS = (("index.html", "Overview"), ("countries.html", "Countries"))
NOT_REPORTED = "not reported"


def codes(ledger: Ledger, briefs: Iterable[str]) -> list[str]:
    """Every country that has a page: those with a brief, and those that any claim concerns."""
    return sorted({*briefs, *ledger.claims["receiver"].fillna("")} - {""})


def write_list(pages: Pages, standing: pd.DataFrame) -> None:
    """Write ``countries.html``: every country with its position, then those without one."""
    table = Markup(tables.country_positions(standing).to_html())
    without = sorted(set(codes(pages.ledger, ())) - set(standing["receiver"]), key=countries.name)
    body = pages.render("countries.html.j2", table=table, without=without, count=len(standing))
    pages.write("countries.html", "Countries", body, CRUMBS[:1])


def write_one(
    pages: Pages, code: str, found: answers.Frames, arrangements: pd.DataFrame, denied: pd.DataFrame, fragment: str
) -> None:
    """Write the page of one country.

    ``arrangements`` are those of ``positions.by_arrangement``, ``denied`` those of ``denials.listed``, of all countries.
    ``fragment`` is what its notebook shows; blank where no claim is in scope.
    """
    body = pages.render(
        "country.html.j2",
        name=countries.name(code),
        code=code,
        box=box(code, found, arrangements, denied),
        entries=entries(pages, code),
        fragment=Markup(fragment),
    )
    contents = [("reports", "Report by report"), ("tables", "Tables and figure")] if fragment else []
    pages.write(f"countries/{code}.html", countries.name(code), body, CRUMBS, contents)


def box(code: str, found: answers.Frames, arrangements: pd.DataFrame, denied: pd.DataFrame) -> list[dict]:
    """The answers about one country: ``label``, ``words`` (several lines), ``claim_ids`` behind them."""
    arrangements = arrangements[arrangements["receiver"] == code]
    return [
        *_position(code, found.countries, arrangements),
        *_people(code, found.destinations),
        *_money(code, found.payments),
        *_denials(code, denied),
        *_since(arrangements),
    ]


def _line(label: str, words: list[str] | str, claim_ids: str = "") -> dict:
    return {
        "label": label,
        "words": [words] if isinstance(words, str) else words,
        "claim_ids": provenance.split(claim_ids),
    }


def _step(code: str) -> str:
    return positions.label(code)


def _position(code: str, standing: pd.DataFrame, arrangements: pd.DataFrame) -> list[dict]:
    rows = standing[standing["receiver"] == code]
    if rows.empty:
        return [_line("Furthest step reported", "none in this programme")]
    row = rows.iloc[0]
    several = [
        f"{schema.label('arrangements', 'instrument', one['instrument'])}: {_step(one['furthest_step'])}"
        for one in arrangements.to_dict("records")
    ]
    rank = positions.RANK.get(row["furthest_step"], -1)
    reached = {step: rank >= positions.RANK[step] for step in ("agreed", "received")}
    support = tables.column.SUPPORT_WORDS.get(row["support"], "")
    origins = f" ({support})" if support else ""
    by = "the United States" if rank >= positions.RANK["asked"] else ""
    return [
        _line(
            "Furthest step reported", _step(row["furthest_step"]) + origins, row["claim_ids"] or row["also_claim_ids"]
        ),
        *([_line("For each kind of arrangement", several)] if len(several) > 1 else []),
        _line("Asked by", by or NOT_REPORTED),
        _line("Public since", dates.show_day(row["first_public_on"]) or NOT_REPORTED),
        _line("Agreed", "reported" if reached["agreed"] else NOT_REPORTED),
        _line("People arrived", "reported" if reached["received"] else NOT_REPORTED),
    ]


def _people(code: str, destinations: pd.DataFrame) -> list[dict]:
    rows = destinations[destinations["receiver"] == code]
    if rows.empty:
        return [_line("How many people", NOT_REPORTED)]
    row = rows.iloc[0]
    known = ranges.present(row["people_at_least"]) and row["people_at_least"] > 0
    words = [
        f"at least {ranges.number(row['people_at_least'])}" if known else "no number of third-country people reported"
    ]
    for name, label in (("cap", "ceiling"), ("planned", "planned"), ("mixed", "largest movement with own nationals")):
        if ranges.present(row[f"{name}_low"]) or ranges.present(row[f"{name}_high"]):
            words.append(f"{label}: {ranges.show_range(row[f'{name}_low'], row[f'{name}_high'])}")
    return [_line("How many people", words, row["claim_ids"] or row["other_claim_ids"])]


def _money(code: str, sums: pd.DataFrame) -> list[dict]:
    rows = sums[sums["receiver"] == code]
    if rows.empty:
        return [_line("Money", NOT_REPORTED)]
    words = []
    for row in rows.to_dict("records"):
        stage = schema.label("payments", "stage", row["stage"])
        support = tables.column.SUPPORT_WORDS.get(row["support"], "")
        words.append(f"{stage}: {payments.show_amount(row)} ({support})")
    return [_line("Money, by stage", words, provenance.merged(rows["claim_ids"]))]


def _denials(code: str, denied: pd.DataFrame) -> list[dict]:
    rows = denied[denied["receiver"] == code]
    if rows.empty:
        return [_line("Denied by", "nobody, in the sources read")]
    words = [
        f"{row['spoken_by']}: {_step(row['step'])} ({dates.show_day(row['public_on'])})"
        for row in rows.to_dict("records")
    ]
    return [_line("Denied by", words, provenance.listed(rows["claim_id"]))]


def _since(arrangements: pd.DataFrame) -> list[dict]:
    rows = arrangements[arrangements["since"] != ""]
    if rows.empty:
        return [_line("Since then", "nothing that ends it, in the sources read")]
    words = [
        f"{schema.label('arrangements', 'instrument', row['instrument'])}: "
        f"{', '.join(schema.label('steps', 'step', code) for code in provenance.split(row['since']))}"
        for row in rows.to_dict("records")
    ]
    return [_line("Since then", words, provenance.merged(rows["also_claim_ids"]))]


def entries(pages: Pages, code: str) -> list[dict]:
    """What was reported about one country, newest first, as the template shows it."""
    rows = chronology.of_country(pages.ledger, code, pages.parameters)
    said = tables.claims(pages.ledger, rows["claim_id"]).frame.set_index("claim_id")["says"]
    sources = pages.ledger.sources.set_index("source_id")
    found = []
    for row in rows.to_dict("records"):
        source = sources.loc[row["source_id"]]
        found.append(
            row
            | {
                "says": said[row["claim_id"]],
                "when": dates.show(row["date"]) if row["date"] else "",
                "read_in": source["publisher"],
                "url": addresses.at_the_words(source["url"], row["wording"]),
            }
        )
    return found
