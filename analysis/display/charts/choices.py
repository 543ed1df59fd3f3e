"""How the answers move with the choices behind them.

What belongs elsewhere: the choices themselves (``views.sensitivity``).

Typical use::

    choices.choices(sensitivity.by_choice(ledger, Parameters()), answers.compute(ledger, Parameters()), source)
"""

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.display import text
from analysis.display.charts.style import (
    DARK,
    FAINT,
    INK,
    Chart,
    Form,
    both,
    framed,
    linked,
    marker_entry,
    name_rows,
    nothing,
    one_per_row,
    room,
    styled,
)
from analysis.values import ranges
from analysis.views.answers import USD, Answer
from analysis.views.sensitivity import AS_PUBLISHED, SHOWN

HEADINGS = {
    "countries_reported": "named in reports",
    "countries_agreed": "agreed or further",
    "countries_received": "received people",
    "people_at_least": "moved, at least",
    "usd_paid": "reported paid",
    "usd_agreed": "reported agreed",
}


@styled
def choices(rows: pd.DataFrame, numbers: dict[str, Answer], source: str) -> Chart:
    """A panel per answer and a dot per choice; the published number is the filled dot, with a line through the others.

    Args:
        rows: :func:`sensitivity.by_choice`.
        numbers: :func:`answers.compute`, for labels and units.
        source: the source line.
    """
    title = _title(rows)

    def draw(form: Form) -> Figure:
        if rows.empty:
            return nothing(form, title, source, "No choice to compare.")
        letters = 21 if form.narrow else 34
        labels = ["\n".join(textwrap.wrap(choice, letters)) for choice in rows["choice"]]
        left = room(labels, form.small_size) + 0.16
        key = [
            marker_entry("o", "as published", markerfacecolor=DARK),
            marker_entry("o", "under another choice", markerfacecolor="white"),
        ]
        grid = (3, 2) if form.narrow else (2, 3)
        each = 0.38 if form.narrow else 0.31
        figure, panels = framed(
            form,
            title,
            source,
            each * len(rows) + 0.1,
            left=left,
            key=key,
            grid=grid,
            gap=(0.72, 0.16),
            bottom=0.34,
            heading=0.34,
        )
        for number, (axes, name) in enumerate(zip(panels.flat, SHOWN, strict=True)):
            if number % grid[1] == 0:
                name_rows(axes, form, labels, [("", "")] * len(rows))
                for written in axes.texts:
                    written.set_fontsize(form.small_size)
            else:
                axes.set_ylim(len(rows) - 0.5, -0.6)
                axes.set_yticks([])
                one_per_row(axes)
            _panel(axes, form, rows, name, numbers[name])
        return figure

    spans = [f"{numbers[name].label}: {ranges.show_range(rows[name].min(), rows[name].max())}" for name in SHOWN]
    alt = f"Dots for {text.plural(len(rows), 'choice')}. {'; '.join(spans)}."
    return both("choices", title, alt, draw)


def _title(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "How the answers change with the choices behind them"
    received = rows["countries_received"]
    span = ranges.show_range(received.min(), received.max(), "countries are", "country is")
    return (
        f"{span} reported to have received people, and {_millions(rows['usd_paid'])} million US dollars paid, "
        f"under {text.plural(len(rows) - 1, 'other choice')} made one at a time"
    )


def _millions(values: pd.Series) -> str:
    low, high = text.millions(values.min()), text.millions(values.max())
    return low if low == high else f"{low} to {high}"


def _panel(axes: Axes, form: Form, rows: pd.DataFrame, name: str, answer: Answer) -> None:
    scale = 1e6 if answer.unit == USD else 1
    values = [value / scale for value in rows[name]]
    top = max(values, default=1) or 1
    published = dict(zip(rows["choice"], values, strict=True)).get(AS_PUBLISHED)
    if published is not None:
        axes.axvline(published, color=DARK, linewidth=0.8, linestyle=(0, (3, 2)), zorder=0.8)
    for place, (value, choice) in enumerate(zip(values, rows["choice"], strict=True)):
        fill = DARK if choice == AS_PUBLISHED else "white"
        axes.plot([0, value], [place, place], color=FAINT, linewidth=1.5, zorder=1)
        (dot,) = axes.plot(
            value,
            place,
            marker="o",
            markersize=8,
            markerfacecolor=fill,
            markeredgecolor=INK,
            linestyle="",
            clip_on=False,
        )
        shown = _figure(value)
        linked(
            dot, f"{text.NUMBERS}/{name}.html", f"{answer.label}, {choice}: {shown}{' million' if scale > 1 else ''}"
        )
        axes.annotate(
            shown, (value, place), (7, 0), textcoords="offset points", va="center", fontsize=form.text_size,
            fontweight="bold" if choice == AS_PUBLISHED else "normal",
            bbox={"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
        )  # fmt: skip
    unit = "US$ million" if scale > 1 else answer.unit
    heading = f"{unit[:1].upper()}{unit[1:]}\n{HEADINGS[name]}"
    axes.set_title(heading, fontsize=form.small_size - 0.7 if form.narrow else form.text_size, linespacing=1.15)
    inches = axes.get_position().width * form.width
    words = room([_figure(value) for value in values], form.text_size) * 1.1 + 0.17
    axes.set_xlim(0, top * inches / (inches - words))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.xaxis.get_major_locator().set_params(nbins=3, integer=True)
    axes.tick_params(axis="x", labelsize=form.small_size)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or float(value).is_integer() else text.millions(value * 1e6)
