"""What each position rests on.

What belongs elsewhere: who first reported it (``views.provenance``).

Typical use::

    support.origins(positions.by_country(ledger, Parameters()), source)
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.display import text
from analysis.display.charts.style import (
    DARK,
    FAINT,
    INK,
    MIDDLE,
    NARROW,
    Chart,
    Form,
    both,
    country_link,
    framed,
    guides,
    is_weak,
    linked,
    marked_title,
    marker_entry,
    name_rows,
    nothing,
    room,
    styled,
)
from analysis.views import positions


@styled
def origins(standing: pd.DataFrame, source: str) -> Chart:
    """Per country: sources that carry its furthest step (a ring) and independent origins behind them (a diamond).

    Countries with the most origins come first, then those with the most sources. The diamond is hollow where the position
    rests on one origin or on digests alone.

    Args:
        standing: :func:`positions.by_country`.
        source: the source line.
    """
    rows = positions.with_evidence(standing).sort_values(
        ["origins", "sources", "name"], ascending=[False, False, True], ignore_index=True
    )
    title = f"Of {text.plural(len(rows), 'position')}, {text.support_of(rows)}"
    note = "Each country's furthest step reported; no step: only declined, stopped, unanswered or unclear."
    note += " Outlets that repeat one report are one origin."

    def draw(form: Form) -> Figure:
        if rows.empty:
            return nothing(form, title, source, "No position is reported.")
        columns = 1 if form.narrow or len(rows) < 16 else 2
        length = -(-len(rows) // columns)
        parts = [rows.iloc[start : start + length] for start in range(0, len(rows), length)]
        labels = [_label(row, NARROW) for row in rows.to_dict("records")]
        left = room(labels, form.text_size) + 0.12
        key = [
            marker_entry("D", "independent origins", color=DARK, markersize=6),
            marker_entry("D", "one origin, or digests alone", markerfacecolor="white", markeredgecolor=DARK, markersize=6),
            marker_entry("o", "sources that carry it", markerfacecolor="white", markeredgecolor=MIDDLE, markersize=9),
        ]  # fmt: skip
        figure, panels = framed(
            form, title, source, 0.235 * length + 0.1, left=left, bottom=0.5, key=key, grid=(1, len(parts)),
            gap=(0, left + 0.1), note=note,
        )  # fmt: skip
        top = int(rows["sources"].max())
        for axes, part in zip([panels] if len(parts) == 1 else panels, parts, strict=True):
            _panel(axes, form, part.to_dict("records"), length, top)
        return figure

    alt = f"Chart of origins and sources for {text.plural(len(rows), 'country', 'countries')}: {text.support_of(rows)}."
    return both("origins", title, alt, draw)


def _label(row: dict, form: Form) -> str:
    step = "no step" if row["furthest_step"] == positions.OFF_LADDER else positions.label(row["furthest_step"])
    return f"{form.name_of(row['receiver'])}: {step}"


def _panel(axes: Axes, form: Form, rows: list[dict], length: int, top: int) -> None:
    links = [(country_link(row["receiver"]), row["name"]) for row in rows]
    name_rows(axes, form, [_label(row, NARROW) for row in rows], links)
    figure = axes.get_figure()
    start = axes.get_position().x0 * form.width
    for written in axes.texts:  # the names of a second column begin at that column, not at the edge of the figure
        if start > form.width / 2:
            gap = room([_label(row, NARROW) for row in rows], form.text_size) + 0.12
            written.set_x((start - gap) / figure.get_figwidth())
    axes.set_ylim(length - 0.5, -0.6)
    for place, row in enumerate(rows):
        words = (
            f"{row['name']}, {positions.label(row['furthest_step'])}: {text.plural(row['origins'], 'origin')}, "
            f"{text.plural(row['sources'], 'source')}"
        )
        axes.plot([row["origins"], row["sources"]], [place, place], color=FAINT, linewidth=1.5, zorder=1)
        (ring,) = axes.plot(
            row["sources"], place, marker="o", markersize=10, markerfacecolor="white", markeredgecolor=MIDDLE,
            markeredgewidth=1.6, linestyle="",
        )  # fmt: skip
        (diamond,) = axes.plot(
            row["origins"], place, marker="D", markersize=5.5, markeredgecolor=DARK, linestyle="",
            markerfacecolor="white" if is_weak(row["support"]) else DARK,
        )  # fmt: skip
        for mark in (ring, diamond):
            mark.set_clip_on(False)
            linked(mark, country_link(row["receiver"]), marked_title(words, row["support"]))
    axes.set_xlim(0, top + 0.5)
    guides(axes, range(len(rows)))
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("count", color=INK)
