"""How many countries stand at which step: by region, and month by month."""

import calendar
import textwrap

from analysis.display.charts.style import INK, STEP_STYLE, canvas, finished, hatch_colour, legend, one_per_row, styled
from analysis.values import countries, dates
from analysis.views import positions


@styled
def by_region(regions, scheme, source):
    """Stacked bars: countries per region, split by the furthest step reported, with the count in each part."""
    title = f"Countries by {countries.REGION_SCHEMES[scheme]} and furthest step reported"
    figure, axes = canvas(1.9 + 0.5 * max(len(regions), 1), title, source)
    order = [step for step in positions.POSITIONS if len(regions) and regions[step].sum()]
    rows = range(len(regions) - 1, -1, -1)
    left = [0] * len(regions)
    for step in order:
        colour, hatch, _ = STEP_STYLE[step]
        values = regions[step].tolist()
        axes.barh(
            rows,
            values,
            left=left,
            color=colour,
            hatch=hatch,
            edgecolor=INK,
            hatchcolor=hatch_colour(step),
            linewidth=0.7,
            label=positions.label(step),
        )
        for row, value, start in zip(rows, values, left, strict=True):
            if value:
                box = {"boxstyle": "round,pad=0.18", "facecolor": "white", "edgecolor": "none"}
                axes.text(start + value / 2, row, str(value), ha="center", va="center", fontsize=9, color=INK, bbox=box)
        left = [a + b for a, b in zip(left, values, strict=True)]
    axes.set_yticks(rows, regions["region"].tolist())
    axes.set_xlabel("countries")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlim(0, max(left, default=1) * 1.03 or 1)
    one_per_row(axes)
    legend(axes, ncols=4, handlelength=2.2, handleheight=1.2)
    parts = [f"{r.region} {r.total}" for r in regions.itertuples()]
    alt = f"Bar chart of {sum(left)} countries: {', '.join(parts)}; split by furthest step reported."
    return finished("countries_by_region", title, alt, figure)


@styled
def positions_by_month(rows, source):
    """One small panel per step and one for those beside the ladder: how many countries stood there, month by month."""
    title = "Countries by furthest step reported, at the end of each month as known then"
    figure, panels = canvas(4.9, title, source, nrows=2, ncols=4, sharex=True, sharey=True)
    months = range(len(rows))
    for axes, step in zip(panels.flat, positions.POSITIONS, strict=True):
        # Hatching twice as dense as on wide bars: narrow ones would fall between its lines.
        colour, hatch, _ = STEP_STYLE[step]
        style = {
            "color": colour,
            "hatch": hatch * 2,
            "edgecolor": INK,
            "hatchcolor": hatch_colour(step),
            "linewidth": 0.4,
        }
        axes.bar(months, rows[step], width=0.86, **style)
        axes.set_title(_panel_label(step), fontsize=9, pad=6)
        axes.grid(axis="y")
        axes.tick_params(labelsize=8, length=0)
        if len(rows):
            last = int(rows[step].iloc[-1])
            axes.annotate(f"{last}", (len(rows) - 1, last), (0, 2), textcoords="offset points", ha="center", fontsize=9)
    axes.set_ylim(0, max(map(max, rows[list(positions.POSITIONS)].to_numpy()), default=0) * 1.15 + 1)
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=4)
    axes.set_xlim(-0.8, max(len(rows), 1) - 0.2)
    _month_axis(axes, rows["day"])
    for axes in panels[:, 0]:
        axes.set_ylabel("countries", fontsize=9)
    parts = [
        f"{positions.label(step)} {rows[step].iloc[0]}, then {rows[step].iloc[-1]}"
        for step in positions.POSITIONS
        if len(rows)
    ]
    first, last = (dates.show_day(rows["day"].iloc[n]) if len(rows) else "" for n in (0, -1))
    alt = (
        f"Eight small bar charts by month, from {first} to {last}: {'; '.join(parts)}."
        if parts
        else "No month to show."
    )
    return finished("positions_by_month", title, alt, figure)


def _panel_label(step):
    """A label that fits over a small panel, on two lines where it is long."""
    return "\n".join(textwrap.wrap(positions.label(step), 26))


def _month_axis(axes, days):
    """The first and the last month by name and year, and between them each January, and July where there is room."""
    end = len(days) - 1
    regular = (1, 7) if end < 30 else (1,)
    between = [n for n, day in enumerate(days) if 5 <= n <= end - 5 and day.month in regular]
    named = sorted({0, *between, end}) if len(days) else []
    labels = [f"{calendar.month_abbr[days.iloc[n].month]}\n{days.iloc[n].year}" for n in named]
    axes.set_xticks(named, labels)
