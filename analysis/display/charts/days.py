"""When it happened and when it became public: spans of days, drawn as spans."""

import matplotlib.dates
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.display.charts.style import canvas, finished, hatch_colour, legend, mark, one_per_row, styled
from analysis.ledger import schema
from analysis.values import dates

EVENTS = (
    ("approach", "approached", "#7fcdbb", "///", 0.24),
    ("agreement", "agreement", "#1d91c0", "", 0.0),
    ("arrival", "arrival", "#0c2c84", "xxx", -0.24),
)


@styled
def timing(rows, as_of, source):
    """One row per country: spans of approach, agreement and arrival as bars, the day it became public as a tick."""
    title = "When each country was approached, agreed and received people, as reported"
    figure, axes = canvas(2.0 + (0.36 if len(rows) < 30 else 0.27) * max(len(rows), 1), title, source)
    columns = [c for c in rows.columns if c.endswith(("_earliest", "_latest"))]
    first, last = _bounds(rows[columns].to_numpy().ravel(), as_of)
    for y, row in enumerate(rows.iloc[::-1].to_dict("records")):
        for event, _, colour, hatch, shift in EVENTS:
            low, high = row[f"{event}_earliest"], row[f"{event}_latest"]
            if pd.isna(high):
                continue
            opened = pd.isna(low)
            start = first + pd.Timedelta(days=6) if opened else low
            width = max(high - start, pd.Timedelta(days=2))
            axes.barh(
                y + shift,
                width,
                left=start,
                height=0.2,
                color=colour,
                hatch=hatch,
                hatchcolor=hatch_colour(event),
                edgecolor="#333333",
                linewidth=0.5,
                alpha=0.55 if opened else 1.0,
            )
            if opened:
                axes.plot(
                    start,
                    y + shift,
                    marker="<",
                    color=colour,
                    markeredgecolor="#333333",
                    markersize=6,
                    markeredgewidth=0.5,
                )
        if not pd.isna(row["public_latest"]):
            axes.plot(
                [row["public_latest"]],
                [y],
                marker="|",
                color="#b30000",
                markersize=15,
                markeredgewidth=2.2,
                linestyle="",
            )
    axes.set_yticks(range(len(rows)), rows["name"].tolist()[::-1])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    _day_axis(axes, first, last)
    handles = [
        Patch(facecolor=colour, hatch=hatch, hatchcolor=hatch_colour(event), edgecolor="#333333", label=label)
        for event, label, colour, hatch, _ in EVENTS
    ]
    handles += [
        mark("<", "start not reported", color="#d9efe9", markeredgecolor="#333333"),
        mark("|", "first public report", color="#b30000", markersize=13, markeredgewidth=2.2),
    ]
    legend(axes, handles, ncols=5, handlelength=1.6, columnspacing=1.2)
    parts = [f"{r['name']} public {dates.show_day(r['public_latest'])}" for r in rows.to_dict("records")]
    return finished("timing", title, f"Chart of time spans for {len(rows)} countries. {'; '.join(parts)}.", figure)


@styled
def cumulative(rows, as_of, source):
    """Steps: how many countries had been approached by each day, at least and at most, the band between them filled."""
    title = "Countries approached or further along, cumulative, as reported"
    figure, axes = canvas(3.6, title, source)
    days = [*rows["day"], max(pd.Timestamp(as_of), rows["day"].max())]
    low, high = [*rows["low"], rows["low"].iloc[-1]], [*rows["high"], rows["high"].iloc[-1]]
    axes.fill_between(days, low, high, step="post", color="#c7e9b4", hatch="///", edgecolor="#8fbf9f", linewidth=0)
    axes.step(
        days,
        high,
        where="post",
        color="#225ea8",
        linestyle="--",
        linewidth=1.6,
        label="at most: from the first possible day",
    )
    axes.step(days, low, where="post", color="#0c2c84", linewidth=2.2, label="at least: from the last possible day")
    axes.set_ylabel("countries")
    axes.set_ylim(0, max(high) * 1.12 + 0.5)
    axes.yaxis.get_major_locator().set_params(integer=True)
    _day_axis(axes, *_bounds(days, as_of))
    axes.grid(axis="y")
    axes.legend(loc="lower right", facecolor="white", frameon=True, edgecolor="none", framealpha=0.9)
    until = dates.show_day(days[-1])
    alt = f"Step chart: at least {low[-1]} and at most {high[-1]} countries approached or further along by {until}."
    return finished("contact_cumulative", title, alt, figure)


@styled
def country_steps(steps, name, as_of, source):
    """One country: each claim's span at its step, with the day it became public; denials as crosses."""
    title = f"{name}: what was reported, by step and date"
    kinds = [s for s in (*schema.LADDER, *schema.OFF_LADDER) if s in set(steps["step"])]
    figure, axes = canvas(2.0 + 0.5 * max(len(kinds), 1), title, source)
    steps = steps[["step", "claim_id", "stance", "date_earliest", "date_latest", "public_on"]]
    first, last = _bounds([*steps["date_earliest"], *steps["date_latest"], *steps["public_on"]], as_of)
    for y, kind in enumerate(kinds):
        here = steps[steps["step"] == kind].sort_values(["public_on", "claim_id"])
        for number, row in enumerate(here.to_dict("records")):
            level = y + (number - (len(here) - 1) / 2) * min(0.16, 0.7 / len(here))
            low, high = row["date_earliest"], row["date_latest"]
            if not pd.isna(high):
                opened = pd.isna(low)
                start = first + pd.Timedelta(days=6) if opened else low
                axes.plot(
                    [start, max(high, start + pd.Timedelta(days=2))],
                    [level, level],
                    color="#41b6c4" if opened else "#225ea8",
                    linewidth=3,
                    linestyle=(0, (2, 1)) if opened else "-",
                )
            axes.plot(
                row["public_on"],
                level,
                marker="x" if row["stance"] == "denies" else "o",
                color="#b30000" if row["stance"] == "denies" else "#0c2c84",
                markersize=6,
                markeredgewidth=1.8,
            )
    axes.set_yticks(range(len(kinds)), [schema.label("steps", "step", kind) for kind in kinds])
    axes.set_ylim(-0.6, len(kinds) - 0.4)
    _day_axis(axes, first, last)
    handles = [
        Line2D([], [], color="#225ea8", linewidth=3, label="days it can have happened on"),
        Line2D([], [], color="#41b6c4", linewidth=3, linestyle=(0, (2, 1)), label="start not reported"),
        mark("o", "public by", color="#0c2c84"),
        mark("x", "denial, public by", color="#b30000", markeredgewidth=1.8),
    ]
    legend(axes, handles, ncols=4)
    alt = f"Chart of {len(steps)} claims about {name} by step and date."
    return finished("country_steps", title, alt, figure)


def _day_axis(axes, first, last):
    axes.set_xlim(first, last)
    locator = matplotlib.dates.AutoDateLocator(minticks=4, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(matplotlib.dates.ConciseDateFormatter(locator))
    one_per_row(axes)


def _bounds(values, as_of):
    """The first and the last day of an axis. It begins before 2025 does, so that the number of the year stands on it."""
    known = [value for value in values if not pd.isna(value)]
    first = min([*known, pd.Timestamp("2025-01-10")])
    return first - pd.Timedelta(days=12), max([*known, pd.Timestamp(as_of)]) + pd.Timedelta(days=12)
