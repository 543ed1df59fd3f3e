"""Orders of courts and acts of agencies and parliaments, in the order of time."""

import pandas as pd

from analysis.display.charts.days import day_axis
from analysis.display.charts.style import INK, Chart, canvas, finished, legend, mark, styled
from analysis.ledger import schema

MARKS = {
    "forbids": ("X", "#b30000"), "stays": ("s", "#fdae61"), "sets_conditions": ("D", "#fee090"), "lifts": ("^", "#74add1"),
    "allows": ("^", "#225ea8"), "directs": ("o", "#225ea8"), "orders_return": ("v", "#b30000"), "filed": ("|", INK),
    "other": (".", INK),
}  # fmt: skip
ROWS = ("court", "agency", "parliament")


@styled
def acts_timeline(rows: pd.DataFrame, as_of: pd.Timestamp, source: str) -> Chart:
    """A row per kind of actor, a mark per act at the last day it can have happened; from :func:`acts.listed`."""
    title = "Acts of courts, agencies and parliaments, as reported"
    figure, axes = canvas(3.4, title, source)
    dated = rows.dropna(subset=["date_latest"])
    for place, actor in enumerate(reversed(ROWS)):
        here = dated[dated["actor"] == actor]
        for number, row in enumerate(here.sort_values(["date_latest", "act_id"]).to_dict("records")):
            marker, colour = MARKS[row["effect"]]
            level = place + (number % 5 - 2) * 0.15
            axes.plot(
                row["date_latest"], level, marker=marker, color=colour, markeredgecolor=INK, markersize=8, linestyle=""
            )
    axes.set_yticks(range(len(ROWS)), [f"{schema.label('acts', 'actor', actor)}" for actor in reversed(ROWS)])
    axes.set_ylim(-0.6, len(ROWS) - 0.4)
    first, last = min([*dated["date_latest"], pd.Timestamp("2025-01-10")]), pd.Timestamp(as_of)
    day_axis(axes, first - pd.Timedelta(days=12), last + pd.Timedelta(days=12))
    present = [effect for effect in MARKS if effect in set(dated["effect"])]
    handles = []
    for effect in present:
        marker, colour = MARKS[effect]
        handles.append(
            mark(marker, schema.label("acts", "effect", effect), color=colour, markeredgecolor=INK, markersize=8)
        )
    legend(axes, handles, ncols=5)
    return finished("acts", title, f"Timeline of {len(dated)} acts: {', '.join(dated['label'].head(12))}.", figure)
