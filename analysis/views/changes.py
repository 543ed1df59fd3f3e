"""What became known, and what was corrected, between two states of the ledger.

The two states are two days of one ledger, or two revisions of its files. *Became known* compares what claims say;
*corrected* compares every coded column of the claims that both states have. What belongs elsewhere: reading the ledger
(``ledger``), where countries stand (``positions``), pages and files (``report``).

Typical use::

    changes.found(ledger.known("2025-06-30"), ledger.known("2025-07-31"), Parameters())
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypedDict

import pandas as pd

from analysis.ledger import Ledger, schema
from analysis.values import countries as places
from analysis.values import dates, ranges
from analysis.views import acts, denials, payments, positions, provenance, transfers
from analysis.views.parameters import Parameters

HEADINGS = {
    "position": "Countries that moved a step",
    "payment": "Payments",
    "movement": "People",
    "act": "Acts of courts, agencies and parliaments",
    "denial": "Denials",
    "correction": "Corrections",
}
COUNTED = {
    "third_country": "sent",
    "cumulative": "sent in all",
    "mixed": "sent, its own citizens among them",
    "cap": "as a ceiling",
    "planned": "to be sent",
}  # what is said of a number of people, after it
NOT_COMPARED = ("claim_id", "coded_on", "checked_on")  # when a row was written and read is no change of what it says


class Change(TypedDict):
    """A row of :func:`found`."""

    kind: str
    receiver: str
    sentence: str
    claim_ids: str


def found(before: Ledger, after: Ledger, parameters: Parameters) -> pd.DataFrame:
    """What differs from ``before`` to ``after``, in a fixed order. Columns: :class:`Change`.

    ``kind`` is ``position`` (a country appeared, moved or lost its step, or something was reported since), ``payment`` and
    ``movement`` (a new one, or another figure of one since more claims are known), ``act`` (a new one, or one with another
    effect), ``denial`` (once, however many retell it), or ``correction`` (a claim that was there is gone or says something
    else, old → new; a figure that only a correction changed is told there alone). ``receiver`` is blank where no single
    country is concerned. What rests on one origin, on digests alone or on doubtful claims carries that mark.
    """
    return next(one_after_another([before, after], parameters))


def one_after_another(ledgers: Iterable[Ledger], parameters: Parameters) -> Iterator[pd.DataFrame]:
    """:func:`found` for each ledger and the one after it; the views of each are computed once."""
    for before, after in pairwise(_State(ledger, parameters) for ledger in ledgers):
        rows = [
            *_positions(before.positions, after.positions, after.off_ladder),
            *_payments(before.payments, after.payments),
            *_movements(before.transfers, after.transfers),
            *_acts(before.acts, after.acts),
            *_denials(before.denials, after.denials),
            *_corrections(before.ledger, after.ledger),
        ]
        yield pd.DataFrame(rows, columns=list(Change.__annotations__))


@dataclass(frozen=True)
class _State:
    """A ledger and those of its views that are compared."""

    ledger: Ledger
    parameters: Parameters

    @cached_property
    def positions(self) -> pd.DataFrame:
        return positions.by_country(self.ledger, self.parameters)

    @cached_property
    def payments(self) -> pd.DataFrame:
        return payments.reported(self.ledger, self.parameters)

    @cached_property
    def transfers(self) -> pd.DataFrame:
        return transfers.reported(self.ledger, self.parameters)

    @cached_property
    def off_ladder(self) -> pd.DataFrame:
        """The claims that put a country off the ladder, by country and step: :func:`provenance.support` of them."""
        steps = self.ledger.steps
        shown = provenance.split(provenance.merged(self.positions["also_claim_ids"]))
        return provenance.support(steps[steps["claim_id"].isin(shown)], ["receiver", "step"])

    @cached_property
    def acts(self) -> pd.DataFrame:
        return acts.listed(self.ledger, self.parameters)

    @cached_property
    def denials(self) -> pd.DataFrame:
        return denials.statements(self.ledger, denials.listed(self.ledger, self.parameters))


def markdown(changes: pd.DataFrame, title: str) -> str:
    """The rows of :func:`found` as a Markdown page."""
    lines = [f"# {title}", ""]
    if changes.empty:
        lines += ["Nothing became known and nothing was corrected.", ""]
    for kind, heading in HEADINGS.items():
        rows = changes[changes["kind"] == kind]
        if len(rows):
            sentences = [f"- {row['sentence']} [{row['claim_ids']}]" for row in rows.to_dict("records")]
            lines += [f"## {heading}", "", *sentences, ""]
    return "\n".join(lines)


def _step(position: str) -> str:
    own = {positions.OFF_LADDER: "no step", "unclear": "a report that fits no step"}
    return own.get(position) or schema.label("steps", "step", position)


def _positions(before: pd.DataFrame, after: pd.DataFrame, off_ladder: pd.DataFrame) -> list[Change]:
    old = before.set_index("receiver")
    new = after.set_index("receiver").sort_values("name")
    rows = []
    for code, row in new.iterrows():
        origins = "1 origin" if row["origins"] == 1 else f"{row['origins']} origins"
        weaker = row["support"] in (provenance.DIGESTS_ONLY, provenance.DOUBTFUL)
        behind = f" ({origins}{', ' + provenance.WORDS[row['support']] if weaker else ''})" if row["origins"] else ""
        was = old.loc[code] if code in old.index else None
        known = provenance.split(was["also_reported"]) if was is not None else []
        more = [step for step in provenance.split(row["also_reported"]) if step not in known]
        beside = [off_ladder.loc[(code, step)] for step in more]
        steps = ", ".join(
            _step(step) + provenance.mark(found["support"]) for step, found in zip(more, beside, strict=True)
        )
        also = f"; {'now also' if was is not None else 'also'} {steps}" if more else ""
        also_ids = provenance.merged(found["claim_ids"] for found in beside)
        ids = provenance.merged([row["claim_ids"], also_ids]) or row["also_claim_ids"]
        if was is None and row["furthest_step"] == positions.OFF_LADDER:
            sentence = f"{row['name']}: first reported: {steps}."
        elif was is None:
            sentence = f"{row['name']}: first reported, as {_step(row['furthest_step'])}{behind}{also}."
        elif was["furthest_step"] != row["furthest_step"]:
            sentence = (
                f"{row['name']}: from {_step(was['furthest_step'])} to {_step(row['furthest_step'])}{behind}{also}."
            )
        elif more:
            sentence = f"{row['name']}: still {_step(row['furthest_step'])}{also}."
            ids = also_ids
        elif since := [step for step in provenance.split(row["since"]) if step not in provenance.split(was["since"])]:
            told = ", ".join(_step(step) for step in since)
            sentence = f"{row['name']}: still {_step(row['furthest_step'])}; since then {told}."
            ids = row["since_claim_ids"]
        else:
            continue
        rows.append(Change(kind="position", receiver=str(code), sentence=sentence, claim_ids=ids))
    for code in old.index.difference(new.index):
        sentence = f"{places.name(code)}: no position any more."
        ids = old.loc[code, "claim_ids"] or old.loc[code, "also_claim_ids"]
        rows.append(Change(kind="position", receiver=code, sentence=sentence, claim_ids=ids))
    return rows


def _new(before: pd.DataFrame, after: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    known = set(before[keys].itertuples(index=False, name=None))
    is_new = [key not in known for key in after[keys].itertuples(index=False, name=None)]
    return after[pd.Series(is_new, index=after.index, dtype="bool")]  # a list without entries would name columns


def _new_or_other_figure(
    before: pd.DataFrame, after: pd.DataFrame, keys: list[str], figure: Callable[[dict], str]
) -> Iterator[tuple[dict, str | None]]:
    """The rows of ``after`` with other ``keys``, or with another ``figure`` and further claims, than any of ``before``; each
    with the figure of before, ``None`` where there was no such row.
    """
    known = {tuple(row[key] for key in keys): row for row in before.to_dict("records")}
    for row in after.to_dict("records"):
        was = known.get(tuple(row[key] for key in keys))
        if was is None:
            yield row, None
        elif figure(row) != figure(was) and set(provenance.split(row["claim_ids"])) - set(
            provenance.split(was["claim_ids"])
        ):
            yield row, figure(was)


def _payments(before: pd.DataFrame, after: pd.DataFrame) -> list[Change]:
    rows = []
    for row, was in _new_or_other_figure(before, after, ["payment_id", "stage"], _sum):
        stage = schema.label("payments", "stage", row["stage"])
        mark = provenance.mark(row["support"])
        amount = f"{_sum(row)}{mark} {stage}" if _sum(row) else f"money{mark} {stage}, the sum not given"
        told = _first_report(row) if was is None else _report_of_the_figure(row, was or "the sum was not given")
        sentence = f"{places.name(row['receiver'])}: {amount}, {told}."
        rows.append(Change(kind="payment", receiver=row["receiver"], sentence=sentence, claim_ids=row["claim_ids"]))
    return rows


def _sum(payment: dict) -> str:
    """The sum in words; blank where none is given."""
    given = ranges.present(payment["amount_min"]) or ranges.present(payment["amount_max"])
    return payments.show_amount(payment) if given else ""


def _movements(before: pd.DataFrame, after: pd.DataFrame) -> list[Change]:
    rows = []
    for row, was in _new_or_other_figure(before, after, ["transfer_id", "population"], _people):
        when = f" ({_when(row)})" if _when(row) else ""
        people = (_people(row) or "people (number not given)") + provenance.mark(row["support"])
        told = _first_report(row) if was is None else _report_of_the_figure(row, was or "the number was not given")
        part = f", {transfers.told_of_a_part(row)}" if row["part_of"] else ""
        sentence = f"{row['name']}: {people} {COUNTED[row['population']]}{when}{part}, {told}."
        rows.append(Change(kind="movement", receiver=row["receiver"], sentence=sentence, claim_ids=row["claim_ids"]))
    return rows


def _people(movement: dict) -> str:
    """How many people, in words; blank where no number is given."""
    low, high = movement["people_min"], movement["people_max"]
    given = ranges.present(low) or ranges.present(high)
    return ranges.show_range(low, high, "people", "person") if given else ""


def _when(row: dict) -> str:
    """The day of an event in words; blank where none is reported, or only that it lies before a report."""
    return "" if row["date"].startswith("../") or not row["date"] else dates.show(row["date"])


def _first_report(row: dict) -> str:
    return f"first reported by {row['first_reported_by']} ({dates.show_day(row['first_public_on'])})"


def _report_of_the_figure(row: dict, before: str) -> str:
    """Who reported the figure that is shown now, which need not be who reported the matter first; and what stood before."""
    return f"as reported by {row['origin_publisher']} ({dates.show_day(row['public_on'])}); before: {before}"


def _acts(before: pd.DataFrame, after: pd.DataFrame) -> list[Change]:
    effects = before.set_index("act_id")["effect"]
    rows = []
    for row in _new(before, after, ["act_id", "effect"]).iloc[::-1].to_dict("records"):
        when = f", {_when(row)}" if _when(row) else ""
        mark = f"; {provenance.WORDS[row['support']]}" if provenance.mark(row["support"]) else ""
        told = f"{row['label']} ({row['actor_name']}{when}{mark})"
        if row["act_id"] in effects:
            was, now = (schema.label("acts", "effect", code) for code in (effects[row["act_id"]], row["effect"]))
            sentence = f"{told}: what it does is now told as “{now}”, not “{was}”."
        else:
            itself = f"the {schema.label('acts', 'actor', row['actor'])} itself"
            first = row | {"first_reported_by": itself} if row["first_reported_by"] == row["actor_name"] else row
            sentence = f"{told}, {_first_report(first)}."
        rows.append(Change(kind="act", receiver=row["receiver"], sentence=sentence, claim_ids=row["claim_ids"]))
    return rows


def _denials(before: pd.DataFrame, after: pd.DataFrame) -> list[Change]:
    rows = _new(before, after, denials.STATEMENT).sort_values(
        "claim_id", key=lambda ids: ids.map(provenance.claim_number)
    )
    found = []
    for row in rows.to_dict("records"):
        mark = provenance.mark(row["support"]) if row["support"] != provenance.ONE_ORIGIN else ""  # that it always is
        sentence = f"{row['name']}: {row['sentence']}{mark} ({dates.show_day(row['public_on'])})."
        found.append(Change(kind="denial", receiver=row["receiver"], sentence=sentence, claim_ids=row["claim_ids"]))
    return found


def _corrections(before: Ledger, after: Ledger) -> list[Change]:
    rows = []
    for table in schema.CLAIM_TABLES:
        old, new = (getattr(state, table).set_index("claim_id") for state in (before, after))
        columns = [name for name in schema.columns(table) if name not in NOT_COMPARED and name in old and name in new]
        receivers = pd.concat([new, old])["receiver"] if table != "tallies" else pd.Series(dtype="str")
        receivers = receivers[~receivers.index.duplicated()].fillna("")
        gone = old.index.difference(new.index)
        rows += [(claim, f"{claim} ({table}) counts no more.", receivers.get(claim, "")) for claim in gone]
        both = old.index.intersection(new.index)
        was, now = old.loc[both, columns], new.loc[both, columns]
        other = ((was != now) & (was.notna() | now.notna())).any(axis=1)
        for claim in both[other]:
            differs = [name for name in columns if _text(old.loc[claim, name]) != _text(new.loc[claim, name])]
            if differs:
                pairs = [f"{name} {_text(old.loc[claim, name])} → {_text(new.loc[claim, name])}" for name in differs]
                rows.append((claim, f"{claim} ({table}): {'; '.join(pairs)}.", receivers.get(claim, "")))
    rows.sort(key=lambda row: provenance.claim_number(row[0]))
    return [Change(kind="correction", receiver=where, sentence=text, claim_ids=claim) for claim, text, where in rows]


def _text(value: object) -> str:
    """A cell as a reader may compare it: whole numbers without a point, missing as ``blank``."""
    if pd.api.types.is_bool(value):
        return "true" if value else "blank"
    if not ranges.present(value) or value == "":
        return "blank"
    return ranges.number(value) if isinstance(value, float) else str(value)
