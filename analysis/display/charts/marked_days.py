"""Thin marked days behind a figure: acts on the whole programme that decide whether it goes on, or bear on such an act."""

from collections.abc import Callable

import pandas as pd
from matplotlib.axes import Axes

from analysis.display.charts.style import MUTED, titled
from analysis.values import dates
from analysis.views.acts import DECIDING

NOTE = "Thin lines: acts that forbid or allow something in the whole programme, or pause or end an earlier act."


def marked(acts: pd.DataFrame | None) -> pd.DataFrame:
    """Of :func:`acts.listed` the dated acts about the programme as a whole of which the effect is one of ``DECIDING``."""
    if acts is None:
        return pd.DataFrame(columns=["date_latest", "label"])
    whole = (acts["receiver"] == "") & acts["effect"].isin(DECIDING)
    return acts[whole].dropna(subset=["date_latest"])


def mark_days(axes: Axes, acts: pd.DataFrame | None, place: Callable[[pd.Timestamp], object] = lambda day: day) -> None:
    """A thin line for each marked act; ``place`` says where on the axis a day is."""
    for row in marked(acts).to_dict("records"):
        line = axes.axvline(place(row["date_latest"]), color=MUTED, linewidth=0.5, linestyle=(0, (1, 2)), zorder=0)
        titled(line, f"{dates.show_day(row['date_latest'])}: {row['label']}")
