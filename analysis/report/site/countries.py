"""The list of countries, and the page of each: a box with the answers, what was reported in order, then the notebook's tables.

What belongs elsewhere: where a country stands and what it was paid (the views), the tables below (``country_brief``).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from analysis.display import reported, tables, text
from analysis.ledger import Ledger, schema
from analysis.report.site import addresses
from analysis.report.site.pages import Pages
from analysis.values import countries, dates, ranges
from analysis.views import answers, chronology, payments, positions, provenance, timing
from analysis.views.parameters import Parameters

CRUMBS = (("index.html", "Overview"), ("countries.html", "Countries"))
NOT_REPORTED = "not reported"


def codes(ledger: Ledger, briefs: Iterable[str]) -> list[str]:
    """Every country that has a page: those with a brief, and those that any claim concerns, dated or not."""
    return sorted({*briefs, *ledger.claims["receiver"].fillna(""), *ledger.undated["receiver"].fillna("")} - {""})


def write_list(pages: Pages, standing: pd.DataFrame) -> None:
    """Write ``countries.html``: every country with its position, then those without one."""
    table = Markup(tables.country_positions(standing).to_html())
    without = sorted(set(codes(pages.ledger, ())) - set(standing["receiver"]), key=countries.name)
    body = pages.render("countries.html.j2", table=table, without=without, count=len(standing))
    pages.write("countries.html", "Countries", body, CRUMBS[:1])


@dataclass(frozen=True)
class Views:
    """What the pages of countries are made from: computed once for all of them, or for one from its part of the ledger.

    ``arrangements`` from ``positions.by_arrangement``, ``days`` from ``timing.by_country``, ``reports`` of each country from
    ``chronology.by_country``; ``claims`` has each claim's row of its own table, by its identifier.
    """

    found: answers.Frames
    arrangements: pd.DataFrame
    days: pd.DataFrame
    reports: dict[str, pd.DataFrame]
    claims: dict[str, dict]


def views(ledger: Ledger, parameters: Parameters, found: answers.Frames) -> Views:
    """The views of a ledger, or of the part of it that is about the countries whose pages are written."""
    reports = chronology.by_country(ledger, parameters)
    tables_of_claims = [getattr(ledger, table) for table in schema.CLAIM_TABLES]
    return Views(
        found,
        positions.by_arrangement(ledger, parameters),
        timing.by_country(ledger, parameters),
        {str(code): rows for code, rows in reports.groupby("receiver")},
        {row["claim_id"]: row for table in tables_of_claims for row in table.to_dict("records")},
    )


def write_one(pages: Pages, code: str, all_of: Views, fragment: str) -> None:
    """Write the page of one country. ``fragment`` is what its notebook shows; blank where no claim is in scope."""
    reports = entries(pages.ledger, all_of.reports[code], all_of.claims) if code in all_of.reports else []
    body = pages.render(
        "country.html.j2",
        name=countries.name(code),
        code=code,
        lead=lead(code, all_of),
        box=box(code, all_of, reports),
        entries=reports,
        fragment=Markup(fragment),
    )
    contents = [("reports", "Report by report"), ("tables", "Tables and figure")] if fragment else []
    pages.write(f"countries/{code}.html", countries.name(code), body, CRUMBS, contents)


def lead(code: str, all_of: Views) -> str:
    """Where the country stands, in a sentence."""
    name, found = countries.name(code), all_of.found
    rows = found.countries[found.countries["receiver"] == code]
    if rows.empty:
        return f"The sources read report no position of {name} in this programme."
    people = paid = ""
    for row in found.destinations[found.destinations["receiver"] == code].to_dict("records"):
        if row["people_at_least"] > 0:
            people = (
                f"at least {text.plural(row['people_at_least'], 'person', 'people')}{provenance.mark(row['support'])}"
            )
    sums = payments.added(found.payments[found.payments["receiver"] == code], "paid")
    if total := sums["amount_min"].sum():
        mark = provenance.mark(provenance.support_of_sum(sums["amount_min"].fillna(0), sums["support"]))
        paid = f"{text.in_millions(f'USD {ranges.number(total)}')}{mark}"
    return reported.standing(name, rows.iloc[0].to_dict(), people, paid)


def box(code: str, all_of: Views, reports: list[dict]) -> list[dict]:
    """The answers about one country: ``label``, ``words`` (several lines), ``claim_ids`` behind them.

    ``reports`` is what was reported about it, from :func:`entries`.
    """
    arrangements = all_of.arrangements[all_of.arrangements["receiver"] == code]
    return [
        *_position(code, all_of.found.countries, arrangements, all_of.days, reports),
        *_people(code, all_of.found.destinations),
        *_money(code, all_of.found.payments),
        *_denials(reports),
        *_since(arrangements),
    ]


def _line(label: str, words: list[str] | str, claim_ids: str = "") -> dict:
    return {
        "label": label,
        "words": [words] if isinstance(words, str) else list(dict.fromkeys(words)),
        "claim_ids": provenance.split(claim_ids),
    }


def _position(
    code: str, standing: pd.DataFrame, arrangements: pd.DataFrame, days: pd.DataFrame, entries_of: list[dict]
) -> list[dict]:
    rows = standing[standing["receiver"] == code]
    if rows.empty:
        return [_line("Furthest step reported", "none in this programme")]
    row = rows.iloc[0]
    steps = zip(positions.kinds(arrangements), arrangements["furthest_step"], strict=True)
    several = [f"{kind}: {positions.label(step)}" for kind, step in steps]
    rank = positions.RANK.get(row["furthest_step"], -1)
    return [
        _line(
            "Furthest step reported",
            [
                positions.label(row["furthest_step"]) + provenance.mark(row["support"]),
                *_first_report(row["furthest_step"], entries_of),
            ],
            row["claim_ids"] or row["also_claim_ids"],
        ),
        *([_line("For each kind of arrangement", several)] if len(several) > 1 else []),
        _line("Approach", _approach(code, rank, days, entries_of)),
        _line("Public since", _when(code, days, "public").removeprefix(", ") or dates.show_day(row["first_public_on"])),
        _line(
            "Agreed", f"reported{_when(code, days, 'agreement')}" if rank >= positions.RANK["agreed"] else NOT_REPORTED
        ),
        _line(
            "People arrived",
            f"reported{_when(code, days, 'arrival')}" if rank >= positions.RANK["received"] else NOT_REPORTED,
        ),
    ]


def _approach(code: str, rank: int, days: pd.DataFrame, entries_of: list[dict]) -> str:
    """Which steps short of an agreement claims assert, and when the first of them was."""
    asserted = {entry["step"] for entry in entries_of if entry["stance"] == "asserts"}
    if found := [positions.label(step) for step in timing.APPROACH if step in asserted]:
        return f"{', '.join(found)}{_when(code, days, 'approach')}"
    return "not reported by itself" if rank >= positions.RANK["asked"] else NOT_REPORTED


def _first_report(step: str, entries_of: list[dict]) -> list[str]:
    """Who reported the furthest step first; the entries stand newest first."""
    rows = [entry for entry in entries_of if entry["step"] == step and entry["stance"] == "asserts"]
    return [f"first reported by {row['speaker']}, {dates.show_day(row['public_on'])}" for row in rows[-1:]]


def _when(code: str, days: pd.DataFrame, event: str) -> str:
    """The span of an event from ``timing.by_country``, after a comma; nothing where no claim bounds it."""
    rows = days[days["receiver"] == code]
    words = tables.column.span(event, "").show(rows.iloc[0].to_dict()) if len(rows) else ""
    return f", {words}" if words else ""


def _people(code: str, destinations: pd.DataFrame) -> list[dict]:
    rows = destinations[destinations["receiver"] == code]
    if rows.empty:
        return [_line("How many people", NOT_REPORTED)]
    row = rows.iloc[0]
    known = ranges.present(row["people_at_least"]) and row["people_at_least"] > 0
    at_least = f"at least {ranges.number(row['people_at_least'])}{provenance.mark(row['support'])}" if known else ""
    words = [at_least or "no number of third-country people reported"]
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
        firm = (
            f", according to {tables.FIRMNESS['firm']}" if row["stage"] == "paid" and row["firmness"] == "firm" else ""
        )
        words.append(f"{stage}: {text.in_millions(payments.show_amount(row))}{firm}{provenance.mark(row['support'])}")
    return [_line("Money, by stage", words, provenance.merged(rows["claim_ids"]))]


def _denials(entries_of: list[dict]) -> list[dict]:
    rows = [entry for entry in entries_of if entry["stance"] == "denies"]
    if not rows:
        return [_line("Denied by", "nobody, in the sources read")]
    words = [f"{row['speaker']} {row['predicate']} ({dates.show_day(row['public_on'])})" for row in rows]
    return [_line("Denied by", words, provenance.merged(row["claim_ids"] for row in rows))]


def _since(arrangements: pd.DataFrame) -> list[dict]:
    rows = arrangements[arrangements["since"] != ""]
    if rows.empty:
        return [_line("Since then", "no refusal, halt or end reported")]
    words = [
        f"{kind}: {', '.join(schema.label('steps', 'step', code) for code in provenance.split(since))}"
        for kind, since in zip(positions.kinds(arrangements), arrangements["since"], strict=True)
        if since
    ]
    return [_line("Since then", words, provenance.merged(rows["also_claim_ids"]))]


def entries(ledger: Ledger, reports: pd.DataFrame, claims: dict[str, dict]) -> list[dict]:
    """What was reported about a country, newest first, as the template shows it.

    ``reports`` are its rows of ``chronology.by_country``, ``claims`` those of :class:`Views`. ``again`` marks an
    entry of the speaker and the day of the one before it.
    """
    sources = (
        ledger.sources.set_index("source_id").loc[reports["source_id"].unique(), ["publisher", "url"]].to_dict("index")
    )
    found: list[dict] = []
    for row in reports.to_dict("records"):
        source, claim = sources[row["source_id"]], claims[row["claim_id"]]
        entry = row | {
            "step": claim.get("step", ""),
            "speaker": reported.speaker(claim),
            "predicate": reported.predicate(claim, countries.name(row["receiver"])),
            "when": reported.when(row),
            "read_in": source["publisher"],
            "url": addresses.at_the_words(source["url"], row["wording"]),
        }
        again = bool(found) and all(found[-1][key] == entry[key] for key in ("public_on", "speaker"))
        found.append(entry | {"again": again})
    return found
