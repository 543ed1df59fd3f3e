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
        lead=lead(code, all_of, reports),
        box=box(code, all_of, reports),
        entries=reports,
        fragment=Markup(fragment),
    )
    contents = [("reports", "Report by report"), ("tables", "Tables and figure")] if fragment else []
    pages.write(f"countries/{code}.html", countries.name(code), body, CRUMBS, contents)


def lead(code: str, all_of: Views, reports: list[dict]) -> str:
    """Where the country stands, in a few sentences. ``reports`` is what was reported about it, from :func:`entries`."""
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
    row = rows.iloc[0].to_dict()
    rank = positions.RANK.get(row["furthest_step"], len(positions.RANK))  # beside the ladder nothing is further
    further = {entry["step"] for entry in reports if entry["stance"] == "asserts" and entry["doubtful"]}
    doubtful = [step for step in schema.LADDER if step in further and positions.RANK[step] > rank]
    arrangements = all_of.arrangements[all_of.arrangements["receiver"] == code]
    since = provenance.split(row["since"])
    only_removal = arrangements["instrument"].tolist() == ["removal"]
    refused = [
        f"{one.words}{'' if only_removal else f' ({one.kind})'}, {one.first_day}{one.mark}"
        for one in _refusals(arrangements, reports, all_of.claims)
        if one.step not in since
    ]
    denied = _denied(reports, row["denial_ids"])
    return reported.standing(countries.in_text(code), row, people, paid, denied, doubtful, refused)


def _denied(reports: list[dict], denial_ids: str) -> str:
    """Who denies what of the position, in a sentence: the newest of the denials, and how many more there are."""
    denying = [entry for entry in reports if _among(entry, denial_ids)]
    if not denying:
        return ""
    newest, more = denying[0], len(denying) - 1
    others = f"; {more} more {'denies' if more == 1 else 'deny'} that or an earlier step" if more else ""
    return f"{newest['speaker']} {newest['predicate']} ({dates.show_day(newest['public_on'])}{others})."


def box(code: str, all_of: Views, reports: list[dict]) -> list[dict]:
    """The answers about one country: ``label``, ``words`` (several lines), ``claim_ids`` behind them.

    ``reports`` is what was reported about it, from :func:`entries`.
    """
    arrangements = all_of.arrangements[all_of.arrangements["receiver"] == code]
    return [
        *_position(code, all_of.found.countries, arrangements, all_of.days, reports),
        *_people(code, all_of.found.destinations, all_of.found.movements),
        *_money(code, all_of.found.payments),
        *_denials(reports),
        *_refused(arrangements, reports, all_of.claims),
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
        _line("Approach", _approach(rank, arrangements, entries_of)),
        _line(
            "First reported",
            _when(code, days, "public").removeprefix(", ") or dates.show_day(_first_public(row, entries_of)),
        ),
        _line(
            "Agreed",
            _by_kind(arrangements, entries_of, timing.AGREEMENT, f"reported{_when(code, days, 'agreement')}")
            if rank >= positions.RANK["agreed"]
            else NOT_REPORTED,
        ),
        _line(
            "People arrived",
            _by_kind(arrangements, entries_of, timing.ARRIVAL, f"reported{_when(code, days, 'arrival')}")
            if rank >= positions.RANK["received"]
            else NOT_REPORTED,
        ),
    ]


def _first_public(row: pd.Series, entries_of: list[dict]) -> pd.Timestamp:
    """The day by which the position was public; of a country on no step, what is reported beside it."""
    if row["furthest_step"] != positions.OFF_LADDER:
        return row["first_public_on"]
    return min(entry["public_on"] for entry in entries_of if _among(entry, row["also_claim_ids"]))


def _approach(rank: int, arrangements: pd.DataFrame, entries_of: list[dict]) -> list[str]:
    """Which steps short of an agreement claims assert, each with the days on which it can first have been taken; and of which
    arrangement, where it is one of several.
    """
    found = []
    kind_of = dict(zip(arrangements["arrangement_id"], positions.kinds(arrangements), strict=True))
    for step in timing.APPROACH:
        asserting = [entry for entry in entries_of if _asserts(entry, step)]
        if asserting:
            last, days = _first_days(asserting)
            about = {kind_of.get(entry["arrangement_id"], "") for entry in asserting}
            which = f"{about.pop()}: " if len(about) == 1 and len(kind_of) > 1 else ""
            found.append((last, f"{which}{positions.label(step)}, {days}"))
    if found:
        return [words for _, words in sorted(found)]
    return ["not reported by itself" if rank >= positions.RANK["asked"] else NOT_REPORTED]


def _first_days(asserting: list[dict]) -> tuple[pd.Timestamp, str]:
    """The days on which what entries assert can first have happened: the last of them, and all of them in words."""
    last = min(entry["last_day"] for entry in asserting)
    known = [entry["first_day"] for entry in asserting if pd.notna(entry["first_day"])]
    dated = bool(known) and min(known) <= last
    return last, dates.show_days(min(known), last) if dated else f"by {dates.show_day(last)}"


def _by_kind(arrangements: pd.DataFrame, entries_of: list[dict], steps: tuple[str, ...], words: str) -> list[str]:
    """When each arrangement first came to one of ``steps``; ``words`` where the country has one arrangement alone."""
    if len(arrangements) == 1:
        return [words]
    found = []
    for row, kind in zip(arrangements.to_dict("records"), positions.kinds(arrangements), strict=True):
        own = [entry for entry in entries_of if entry["arrangement_id"] == row["arrangement_id"]]
        asserting = [entry for entry in own if any(_asserts(entry, step) for step in steps)]
        if asserting and positions.RANK.get(row["furthest_step"], -1) >= positions.RANK[steps[0]]:
            last, days = _first_days(asserting)
            found.append((last, f"{kind}: {days}"))
    return [line for _, line in sorted(found)] or [words]


def _asserts(entry: dict, step: str) -> bool:
    """Whether an entry counts as a report of this step: doubtful claims do not, as in positions."""
    return entry["step"] == step and entry["stance"] == "asserts" and not entry["doubtful"]


def _first_report(step: str, entries_of: list[dict]) -> list[str]:
    """Who reported the furthest step first: of several claims of one day the one with the lowest number."""
    rows = [entry for entry in entries_of if _asserts(entry, step)]
    first = min(rows, key=lambda row: (row["public_on"], provenance.claim_number(row["claim_id"])), default=None)
    return [f"first reported by {first['speaker']}, {dates.show_day(first['public_on'])}"] if first else []


def _when(code: str, days: pd.DataFrame, event: str) -> str:
    """The span of an event from ``timing.by_country``, after a comma; nothing where no claim bounds it."""
    rows = days[days["receiver"] == code]
    words = tables.column.span(event, "").show(rows.iloc[0].to_dict()) if len(rows) else ""
    return f", {words}" if words else ""


def _people(code: str, destinations: pd.DataFrame, movements: pd.DataFrame) -> list[dict]:
    rows = destinations[destinations["receiver"] == code]
    if rows.empty:
        return [_line("How many people", NOT_REPORTED)]
    row = rows.iloc[0]
    known = ranges.present(row["people_at_least"]) and row["people_at_least"] > 0
    at_least = f"at least {ranges.number(row['people_at_least'])}{provenance.mark(row['support'])}" if known else ""
    words = [at_least or "no number of third-country people reported"]
    ceilings = movements[(movements["receiver"] == code) & (movements["population"] == "cap")]
    if limits := _limits(ceilings):
        label = "ceiling" if len(limits) == 1 else f"{len(limits)} ceilings"
        words.append(f"{label} (the claims say for what time): {'; '.join(limits)}")
    for name, label in (("planned", "largest number planned"), ("mixed", "largest movement with own nationals")):
        if ranges.present(row[f"{name}_low"]) or ranges.present(row[f"{name}_high"]):
            words.append(f"{label}: {ranges.show_range(row[f'{name}_low'], row[f'{name}_high'])}")
    return [_line("How many people", words, row["claim_ids"] or row["other_claim_ids"])]


def _limits(ceilings: pd.DataFrame) -> list[str]:
    """The different ceilings in words, the largest first: one for a week says what one for a year does not."""
    bounds = ceilings[["people_min", "people_max"]].dropna(how="all").drop_duplicates()
    bounds = bounds.sort_values(["people_max", "people_min"], ascending=False)
    return [ranges.show_range(low, high) for low, high in bounds.itertuples(index=False)]


def _money(code: str, sums: pd.DataFrame) -> list[dict]:
    rows = sums[sums["receiver"] == code]
    if rows.empty:
        return [_line("Money", NOT_REPORTED)]
    words = []
    for row in rows.to_dict("records"):
        stage = schema.label("payments", "stage", row["stage"])
        to, mark = _payer_or_payee(row), provenance.mark(row["support"])
        words.append(f"{stage}: {text.in_millions(payments.show_amount(row))}{to}{_according_to(row)}{mark}")
    return [_line("Money, by stage", words, provenance.merged(rows["claim_ids"]))]


def _payer_or_payee(row: dict) -> str:
    """Who pays or is paid, where a reader would not think so: the country itself pays, or others are paid."""
    if row["payer"] and row["payer"] == row["receiver"]:
        return f", paid by {countries.in_text(row['receiver'])} itself"
    if row["payee"] and row["payee"] != row["receiver"]:
        whom = {"organisation": "an organisation", "person": "the person leaving"}
        return f", to {whom.get(row['payee']) or countries.in_text(row['payee'])}"
    return ""


def _according_to(row: dict) -> str:
    """On what a sum reported as paid rests, where it is firm."""
    if row["stage"] != "paid" or row["firmness"] != payments.FIRM:
        return ""
    return f", according to {'a document or court' if row['basis'] in payments.WRITTEN else tables.FIRMNESS['firm']}"


def _denials(entries_of: list[dict]) -> list[dict]:
    rows = [entry for entry in entries_of if entry["stance"] == "denies"]
    if not rows:
        return [_line("Denied by", "nobody, in the sources read")]
    words = [f"{row['speaker']} {row['predicate']} ({dates.show_day(row['public_on'])})" for row in rows]
    return [_line("Denied by", words, provenance.merged(row["claim_ids"] for row in rows))]


def _refused(arrangements: pd.DataFrame, entries_of: list[dict], claims: dict[str, dict]) -> list[dict]:
    """What was refused, left unanswered, halted or ended, for each arrangement: first, and since its furthest step."""
    rows = _refusals(arrangements, entries_of, claims)
    words = [f"{one.kind}: {one.words}{one.days}{one.mark}" for one in rows]
    return [
        _line("Refused, halted or ended", words or "nothing reported", provenance.merged(one.claim_ids for one in rows))
    ]


@dataclass(frozen=True)
class Refusal:
    """One step off the ladder of one arrangement, and the claims that say so. ``kind`` is what the arrangement is called,
    ``step`` the code; ``days`` has the first day and that since the arrangement's furthest step, to stand after the step;
    ``mark`` says what it rests on.
    """

    kind: str
    step: str
    first_day: str
    days: str
    mark: str
    claim_ids: str

    @property
    def words(self) -> str:
        return schema.label("steps", "step", self.step)


def _refusals(arrangements: pd.DataFrame, entries_of: list[dict], claims: dict[str, dict]) -> list[Refusal]:
    """Of each arrangement each step of ``positions.SINCE`` that counts."""
    found = []
    rows = arrangements.to_dict("records")
    for row, kind in zip(rows, positions.kinds(arrangements) if rows else [], strict=True):
        for code in positions.SINCE:
            asserting = [entry for entry in entries_of if _asserts(entry, code)]
            told = [claims[one] for entry in asserting for one in provenance.split(entry["claim_ids"])]
            own = [one for one in told if one["arrangement_id"] == row["arrangement_id"] and not one["doubtful"]]
            if own and code in provenance.split(row["also_reported"]):
                (rests,) = provenance.support(pd.DataFrame(own), "step").to_dict("records")
                mark, ids = provenance.mark(rests["support"]), rests["claim_ids"]
                found.append(Refusal(kind, code, _day(min(own, key=_order)), _first_and_since(own, row), mark, ids))
    return found


def _first_and_since(found: list[dict], arrangement: dict) -> str:
    """When what the claims assert first happened, and when first since the arrangement's furthest step, if it has one."""
    first = min(found, key=_order)
    ids = provenance.split(arrangement["since_claim_ids"])
    later = [claim for claim in found if claim["claim_id"] in ids]
    if not later or arrangement["furthest_step"] not in positions.RANK:
        return f", {_day(first)}"
    since = min(later, key=_order)
    if _day(since) == _day(first):
        return f" since its furthest step, {_day(first)}"
    return f", {_day(first)}, and since its furthest step, {_day(since)}"


def _order(claim: dict) -> tuple[pd.Timestamp, int]:
    last_day = claim["date_latest"] if pd.notna(claim["date_latest"]) else claim["public_on"]
    return last_day, provenance.claim_number(claim["claim_id"])


def _day(claim: dict) -> str:
    return reported.when(claim) or f"by {dates.show_day(claim['public_on'])}"


def _among(entry: dict, claim_ids: str) -> bool:
    """Whether one of the claims of an entry is among those joined as ``a; b``."""
    return not {*provenance.split(entry["claim_ids"])}.isdisjoint(provenance.split(claim_ids))


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
        retold = [claims[one] for one in provenance.split(row["claim_ids"])]
        entry = row | {
            "step": claim.get("step", ""),
            "arrangement_id": claim.get("arrangement_id", ""),
            "doubtful": all(one["doubtful"] for one in retold),
            "first_day": min(
                (one["date_earliest"] for one in retold if pd.notna(one["date_earliest"])), default=pd.NaT
            ),
            "last_day": min(one["date_latest"] if pd.notna(one["date_latest"]) else one["public_on"] for one in retold),
            "speaker": reported.speaker(claim),
            "predicate": reported.predicate(claim, countries.in_text(row["receiver"])),
            "when": reported.when(row),
            "read_in": source["publisher"],
            "url": addresses.at_the_words(source["url"], row["wording"]),
        }
        again = bool(found) and all(found[-1][key] == entry[key] for key in ("public_on", "speaker"))
        found.append(entry | {"again": again})
    return found
