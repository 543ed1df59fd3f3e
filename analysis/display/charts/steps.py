"""How many countries stand at which step: by region, and month by month.

What belongs elsewhere: which country stands where (``world``), what is counted (``views.positions``).

Typical use::

    steps.by_region(positions.by_region(countries), "un_m49_region", source)
"""

import calendar
import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.display import links, text
from analysis.display.charts.marked_days import NOTE, mark_days, marked
from analysis.display.charts.style import (
    INK,
    STEP_STYLE,
    Chart,
    Form,
    bar_entry,
    both,
    framed,
    hatch_colour,
    in_words,
    name_rows,
    nothing,
    room,
    say,
    styled,
    titled,
)
from analysis.ledger import schema
from analysis.values import countries, dates
from analysis.views import positions

FURTHEST_FIRST = (*reversed(schema.LADDER), positions.OFF_LADDER)


@styled
def by_region(regions: pd.DataFrame, scheme: str, source: str) -> Chart:
    """Stacked bars: countries per region, split by the furthest step reported, with the count in each part.

    Args:
        regions: :func:`positions.by_region`, the largest region first.
        scheme: a key of :data:`countries.REGION_SCHEMES`.
        source: the source line.
    """
    total = int(regions["total"].sum())
    title = _by_region_title(regions, scheme, total)
    stopped = int(regions["stopped_since"].sum())
    note = (
        f"By furthest step reported. {stopped} of them were reported since as declined, halted or ended."
        if total
        else ""
    )
    order = [step for step in FURTHEST_FIRST if len(regions) and regions[step].sum()]
    names = regions["region"].tolist()

    def draw(form: Form) -> Figure:
        if regions.empty:
            return nothing(form, title, source, "No position is reported.")
        key = [
            bar_entry(
                positions.label(step),
                facecolor=STEP_STYLE[step][0],
                hatch=STEP_STYLE[step][1],
                hatchcolor=hatch_colour(step),
            )
            for step in order
        ]
        left = 0.05 if form.narrow else room(names, form.text_size) + 0.12
        each = 0.52 if form.narrow else 0.42
        height = each * len(regions)
        figure, axes = framed(form, title, source, height, left=left, note=note, key=key, bottom=0.5)
        name_rows(
            axes,
            form,
            names,
            [(f"{links.REPORT}countries.html", f"{name}: all countries") for name in names],
            form.narrow,
        )
        starts = [0] * len(regions)
        for step in order:
            colour, hatch, _ = STEP_STYLE[step]
            for row, (count, name) in enumerate(zip(regions[step], names, strict=True)):
                if not count:
                    continue
                (bar,) = axes.barh(
                    row, count, left=starts[row], height=0.5 if form.narrow else 0.72, color=colour, hatch=hatch,
                    edgecolor=INK, hatchcolor=hatch_colour(step), linewidth=0.6,
                )  # fmt: skip
                titled(bar, f"{name}, {positions.label(step)}: {text.plural(count, 'country', 'countries')}")
                place = {"ha": "center", "va": "center", "gid": "count"}
                say(axes, starts[row] + count / 2, row, str(count), fontsize=form.text_size, **place)
                starts[row] += count
        totals = [
            f"{total_}, {since} stopped since" if since and not form.narrow else f"{total_}"
            for total_, since in zip(regions["total"], regions["stopped_since"], strict=True)
        ]
        for row, words in enumerate(totals):
            axes.annotate(
                words, (starts[row], row), (5, 0), textcoords="offset points", va="center", fontsize=form.text_size,
                fontweight="bold" if form.narrow else "normal",
            )  # fmt: skip
        inches = axes.get_position().width * form.width
        axes.set_xlabel("countries")
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set_xlim(0, max(starts) * inches / (inches - room(totals, form.text_size) - 0.2))
        return figure

    parts = ", ".join(f"{r.region} {r.total}" for r in regions.itertuples()) or "none"
    alt = f"Bar chart of {text.plural(total, 'country', 'countries')}: {parts}; split by furthest step reported."
    return both("countries_by_region", title, alt, draw)


def _by_region_title(regions: pd.DataFrame, scheme: str, total: int) -> str:
    if regions.empty:
        return f"No country or territory named in reports, by {countries.REGION_SCHEMES[scheme]}"
    first = regions.iloc[0]
    verb = "is" if first["total"] == 1 else "are"
    places = text.plural(total, "country or territory", "countries and territories")
    title = f"{first['total']} of {places} named in reports {verb} in {in_words(first['region'])}"
    if len(regions) > 1:
        title += f", {regions.iloc[1]['total']} in {in_words(regions.iloc[1]['region'])}"
    return title


@styled
def positions_by_month(months: pd.DataFrame, source: str, acts: pd.DataFrame | None = None) -> Chart:
    """One small panel per position: how many countries stood there at the end of each month, as known then.

    Args:
        months: :func:`positions.by_month`; the last row is the day of the newest report.
        source: the source line.
        acts: :func:`acts.listed`, of which some days are marked.
    """
    title = _by_month_title(months)
    note = "At the end of each month, as known then. A country leaves a panel when it goes further."
    note += f" {NOTE}" if len(marked(acts)) else ""
    first, last = (dates.show_day(months["day"].iloc[n]) if len(months) else "" for n in (0, -1))

    def draw(form: Form) -> Figure:
        if months.empty:
            return nothing(form, title, source, "No month to show.")
        grid = (4, 2) if form.narrow else (2, 4)
        figure, panels = framed(
            form, title, source, 1.15, left=0.3, note=note, grid=grid, gap=(0.72, 0.32), bottom=0.4, heading=0.3
        )
        top = months[list(positions.POSITIONS)].to_numpy().max() * 1.18 + 1
        for axes, step in zip(panels.flat, positions.POSITIONS, strict=True):
            colour, hatch, _ = STEP_STYLE[step]
            bars = axes.bar(
                range(len(months)), months[step], width=0.88, color=colour, hatch=hatch * 2, edgecolor=INK,
                hatchcolor=hatch_colour(step), linewidth=0.35,
            )  # fmt: skip
            for bar, day, count in zip(bars, months["day"], months[step], strict=True):
                titled(bar, f"{positions.label(step)}, {dates.show_day(day)}: {count}")
            mark_days(axes, acts, lambda day: _in_months(day, months["day"].iloc[0]))
            axes.set_title(_panel_label(step), fontsize=form.text_size)
            axes.grid(axis="y")
            axes.tick_params(labelsize=form.small_size, length=0)
            count = int(months[step].iloc[-1])
            axes.annotate(
                f"{count}", (len(months) - 1, count), (0, 2), textcoords="offset points", ha="center",
                fontsize=form.text_size, fontweight="bold",
            )  # fmt: skip
            axes.set_ylim(0, top)
            axes.yaxis.get_major_locator().set_params(integer=True, nbins=4)
            axes.set_xlim(-0.8, len(months) - 0.4)
            _month_axis(axes, months["day"])
        return figure

    parts = [
        f"{positions.label(step)} {months[step].iloc[0]}, then {months[step].iloc[-1]}"
        for step in positions.POSITIONS
        if len(months)
    ]
    alt = (
        f"Eight small bar charts by month, from {first} to {last}: {'; '.join(parts)}."
        if parts
        else "No month to show."
    )
    return both("positions_by_month", title, alt, draw)


def _in_months(day: pd.Timestamp, first: pd.Timestamp) -> float:
    """Where a day lies among bars that stand for the ends of months, the first at 0."""
    return (day.year - first.year) * 12 + day.month - first.month - 0.5 + day.day / 31


def _by_month_title(months: pd.DataFrame) -> str:
    if months.empty:
        return "Countries by furthest step reported, month by month"
    last = dates.show_day(months["day"].iloc[-1])
    before, now = int(months["received"].iloc[0]), int(months["received"].iloc[-1])
    verb = "was" if now == 1 else "were"
    return (
        f"By {last}, {text.plural(now, 'country', 'countries')} {verb} reported to have received people; "
        f"by {dates.show_day(months['day'].iloc[0])} it had been {before}"
    )


def _panel_label(step: str) -> str:
    """A label that fits over a small panel, on two lines where it is long."""
    return "\n".join(textwrap.wrap(positions.label(step), 24))


def _month_axis(axes: Axes, days: pd.Series) -> None:
    """The first and the last month by name and year, and between them each January, and July where there is room."""
    end = len(days) - 1
    regular = (1, 7) if end < 30 else (1,)
    between = [n for n, day in enumerate(days) if 4 <= n <= end - 4 and day.month in regular]
    named = sorted({0, *between, end})
    labels = [f"{calendar.month_abbr[days.iloc[n].month]}\n{days.iloc[n].year}" for n in named]
    axes.set_xticks(named, labels)
