"""How the answers move with the choices behind them."""

import pandas as pd

from analysis.display.charts.style import INK, Chart, canvas, finished, one_per_row, styled
from analysis.values import ranges
from analysis.views.answers import USD, Answer
from analysis.views.sensitivity import AS_PUBLISHED, SHOWN


@styled
def choices(rows: pd.DataFrame, numbers: dict[str, Answer], source: str) -> Chart:
    """A panel per answer and a dot per choice, from :func:`sensitivity.by_choice`; the published number is a filled dot."""
    title = "How the answers change with the choices behind them"
    figure, panels = canvas(5.6, title, source, nrows=2, ncols=3, sharey=True)
    places = range(len(rows) - 1, -1, -1)
    for axes, name in zip(panels.flat, SHOWN, strict=True):
        scale = 1e6 if numbers[name].unit == USD else 1
        values = [value / scale for value in rows[name]]
        for place, value, choice in zip(places, values, rows["choice"], strict=True):
            fill = "#0c2c84" if choice == AS_PUBLISHED else "white"
            axes.plot([0, value], [place, place], color="#cccccc", linewidth=1.5, zorder=1)
            axes.plot(value, place, marker="o", markersize=8, markerfacecolor=fill, markeredgecolor=INK, linestyle="")
            axes.annotate(
                ranges.number(round(value, 1)), (value, place), (7, -3), textcoords="offset points", fontsize=8.5
            )
        unit = "million US dollars" if scale > 1 else numbers[name].unit
        axes.set_title(f"{name.replace('_', ' ').replace('usd', 'US dollars')}, {unit}", fontsize=8.5, pad=6)
        axes.set_xlim(0, max(values, default=1) * 1.35 or 1)
        axes.set_yticks(places, rows["choice"].tolist(), fontsize=8)
        axes.tick_params(axis="x", labelsize=8)
        one_per_row(axes)
    spans = [f"{numbers[name].label}: {ranges.show_range(rows[name].min(), rows[name].max())}" for name in SHOWN]
    return finished("choices", title, f"Dots for {len(rows)} choices. {'; '.join(spans)}.", figure)
