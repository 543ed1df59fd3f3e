"""Orders of courts and acts of agencies and parliaments: one row per act, with the halts reported of it.

What belongs elsewhere: whether an arrangement is halted (``positions``), and the days of events between states (``timing``).

Typical use::

    acts.listed(ledger, Parameters())
"""

from typing import TypedDict

import pandas as pd

from analysis.ledger import Ledger
from analysis.values import countries as places
from analysis.views import provenance
from analysis.views.choose import DATE_PREFERENCE, first_reported_by, rank
from analysis.views.parameters import Parameters

# What bears on whether removals go on. An act that pauses or ends an earlier one can work either way: no direction is coded.
DECIDING = ("forbids", "allows", "stays", "lifts")
FILED = "filed"  # the effect of a filing, on which nothing is decided yet


class Act(TypedDict):
    """A row of :func:`listed`."""

    act_id: str
    label: str
    actor: str
    actor_name: str
    jurisdiction: str
    docket: str
    effect: str
    arrangement_id: str
    receiver: str
    about: str
    date: str
    date_earliest: pd.Timestamp
    date_latest: pd.Timestamp
    origins: int
    sources: int
    first_public_on: pd.Timestamp
    first_reported_by: str
    support: str
    health: float
    halts: str
    disputed: bool
    claim_ids: str
    other_claim_ids: str
    denial_ids: str


def listed(ledger: Ledger, parameters: Parameters) -> pd.DataFrame:
    """One row per act that concerns the programme, the newest first. Columns: :class:`Act`.

    Of claims that differ one is shown (Method, *Acts*). Origins, sources, support, the first report and ``claim_ids`` are
    those of the claims with its effect; ``other_claim_ids`` tell another one. ``about`` names the receiving
    country, or says that the act concerns the programme. ``halts`` lists the claims that say that an arrangement was halted by
    the act; other steps that refer to it, and doubtful ones, are left out.
    """
    claims = ledger.acts[ledger.acts["programme"] == parameters.programme]
    denials = claims[claims["stance"] == "denies"].groupby("act_id")["claim_id"].agg(provenance.listed)
    asserted = claims[claims["stance"] == "asserts"]
    ranked = rank(asserted, ["act_id"], "date_earliest", "date_latest", DATE_PREFERENCE)
    origins = ranked.groupby(["act_id", "effect"])["origin_id"].transform("nunique")
    table = ranked[origins >= parameters.min_origins].groupby("act_id").head(1).set_index("act_id")
    shown = ranked["effect"] == provenance.of_each(ranked["act_id"], table["effect"])
    table = table.join(provenance.support(ranked[shown], "act_id"))
    table["first_reported_by"] = first_reported_by(ranked[shown], "act_id")
    others = ranked[~shown].groupby("act_id")["claim_id"].agg(provenance.listed)
    table["other_claim_ids"] = others.reindex(table.index).fillna("")
    dated = table[["date_earliest", "date_latest"]].notna().all(axis=1)
    table["health"] = provenance.health(table["origins"], table["support"], dated)
    table["denial_ids"] = denials.reindex(table.index).fillna("")
    table["disputed"] = table["denial_ids"] != ""
    table["receiver"] = table["receiver"].fillna("")
    table["about"] = [places.name(code) if code else "the programme" for code in table["receiver"]]
    halted = (ledger.steps["step"] == "halted") & (ledger.steps["stance"] == "asserts") & ~ledger.steps["doubtful"]
    referring = ledger.steps[halted].assign(act_id=ledger.steps["act_id"].str.split(";")).explode("act_id")
    table["halts"] = referring.groupby("act_id")["claim_id"].agg(provenance.listed).reindex(table.index).fillna("")
    table = table.assign(day=_last_day(table)).reset_index()
    table = table.sort_values(["day", "act_id"], ascending=[False, True], ignore_index=True)
    return table[list(Act.__annotations__)]


def _last_day(acts: pd.DataFrame) -> pd.Series:
    """The last day on which each act can have happened, or that of its first report where no claim bounds it."""
    return acts["date_latest"].fillna(acts["first_public_on"])


def newest(acts: pd.DataFrame) -> pd.DataFrame:
    """The rows of :func:`listed` of the newest day, filings last, with ``day``: the last on which they can have happened, or
    that of the first report where no day is known.
    """
    dated = acts.assign(day=_last_day(acts), filed=acts["effect"] == FILED)
    return dated[dated["day"] == dated["day"].max()].sort_values("filed", kind="stable").drop(columns="filed")
