"""People moved, by destination.

What belongs elsewhere: how people are counted (``views.transfers``).

Typical use::

    movements.people(transfers.by_destination(transfers.reported(ledger, Parameters())), source)
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory

from analysis.display import text
from analysis.display.charts.style import (
    INK,
    MIDDLE,
    WARM,
    WEAK_LABEL,
    Chart,
    Form,
    bar_entry,
    both,
    claim_link,
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
from analysis.values import ranges

# What stands beside the bars and is never added: marker, its look, its place above the middle of the row, words.
BESIDE_STYLE = {
    "cap": ("|", {"markersize": 15, "markeredgewidth": 2.4, "color": INK, "markeredgecolor": INK}, 0.0, "ceiling"),
    "planned": ("v", {"markersize": 7, "markerfacecolor": WARM}, -0.3, "planned"),
    "mixed": ("s", {"markersize": 7, "markerfacecolor": "white"}, 0.0, "largest movement with the country's own citizens"),
}  # fmt: skip
FAR = 10  # an axis ends before a bar that is this many times as long as the next
BESIDE_BARS = 2  # and before ceilings and plans that are this many times as large as the longest bar left


@styled
def people(destinations: pd.DataFrame, source: str) -> Chart:
    """A bar per destination to the people that can at least be said to have been moved, and beside it what is never added.

    The axis is linear and ends before numbers far beyond all others: their bars are cut, with a break drawn in them, and
    their numbers stand in words. Bars are hatched where the number rests on one origin or on digests alone.

    Args:
        destinations: :func:`transfers.by_destination`.
        source: the source line.
    """
    kinds = ["people_at_least", *(f"{kind}_{bound}" for kind in BESIDE_STYLE for bound in ("low", "high"))]
    rows = destinations[destinations[kinds].notna().any(axis=1)]
    moved = rows[rows["people_at_least"] > 0]
    total = int(moved["people_at_least"].sum())
    title = (
        f"At least {text.plural(total, 'person', 'people')} {'is' if total == 1 else 'are'} reported moved to "
        f"{text.plural(len(moved), 'country', 'countries')}"
    )
    if len(moved) > 1 and total:
        title += f", {ranges.number(moved['people_at_least'].iloc[0])} of them to {moved['name'].iloc[0]}"
    end = _end(rows, kinds)
    records = rows.to_dict("records")

    def draw(form: Form) -> Figure:
        if rows.empty:
            return nothing(form, title, source, "No movement, ceiling or plan is reported.")
        key = [bar_entry("people moved, at least", facecolor=MIDDLE)]
        if moved["support"].map(is_weak).any():
            key.append(bar_entry(WEAK_LABEL, facecolor=MIDDLE, hatch="////", hatchcolor="white"))
        for kind, (marker, look, _, words) in BESIDE_STYLE.items():
            if rows[[f"{kind}_low", f"{kind}_high"]].notna().any(axis=None):
                key.append(marker_entry(marker, words, **(look | {"markersize": min(look["markersize"], 11)})))
        names = [form.name_of(row["receiver"]) for row in records]
        numbers = [_number(row) for row in records]
        numbers_room = room(numbers, form.text_size) + 0.08
        left = room(names, form.text_size) + numbers_room + 0.16
        each = 0.3 if form.narrow else 0.27
        figure, axes = framed(
            form, title, source, each * len(rows) + 0.1, left=left, right=0.3, bottom=0.5, key=key,
            note="Ceilings, plans and flights that also carried the country's own citizens are never added. "
            "–: no arrival counted.",
        )  # fmt: skip
        name_rows(axes, form, names, [(country_link(row["receiver"]), row["name"]) for row in records])
        axes.set_xlim(0, end)
        guides(axes, range(len(rows)))
        beside = blended_transform_factory(axes.transAxes, axes.transData)
        for place, (row, number) in enumerate(zip(records, numbers, strict=True)):
            axes.text(
                -0.06 / (form.width - left - 0.46), place, number, transform=beside, ha="right", va="center",
                fontsize=form.text_size, fontweight="bold", color=INK, gid="number",
            )  # fmt: skip
            _bar(axes, row, place, end)
            for kind in BESIDE_STYLE:
                _beside(axes, form, row, kind, place, end)
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.set_xlabel("people")
        return figure

    parts = [f"{row['name']} {_number(row)}" for row in moved.to_dict("records")]
    alt = f"Bar chart of {text.plural(len(rows), 'destination')}. People moved, at least: {', '.join(parts) or 'none'}."
    return both("people", title, alt, draw)


def _end(rows: pd.DataFrame, kinds: list[str]) -> float:
    """Where the axis ends: beyond the longest bar that is not far beyond the next, and beyond what stands near it."""
    beside = [float(value) for value in rows[kinds[1:]].to_numpy(dtype="float64").ravel() if value > 0]
    bars = sorted({float(value) for value in rows[kinds[0]] if value > 0}, reverse=True) or sorted(beside, reverse=True)
    while len(bars) > 1 and bars[0] > FAR * bars[1]:
        bars = bars[1:]
    base = bars[0] if bars else 1.0
    return max(max([base, *(value for value in beside if value <= BESIDE_BARS * base)]) * 1.08, 5.0)


def _number(row: dict) -> str:
    """The number beside a name: people at least; a dash where no arrival is counted."""
    return ranges.number(row["people_at_least"]) if row["people_at_least"] > 0 else "–"


def _bar(axes: Axes, row: dict, place: int, end: float) -> None:
    count = row["people_at_least"]
    if not count > 0:
        return
    look = {"hatch": "////", "hatchcolor": "white"} if is_weak(row["support"]) else {}
    (bar,) = axes.barh(place, min(count, end), height=0.62, color=MIDDLE, edgecolor=INK, linewidth=0.5, **look)
    words = f"{row['name']}: {ranges.number(count)} or more people, by {row['rests_on']}"
    linked(bar, claim_link(row["claim_ids"]), marked_title(words, row["support"]))
    if count > end:  # the bar goes on: two white strokes across it, at its end
        for shift in (0.5, 0.52):
            axes.plot([end * shift, end * (shift + 0.012)], [place + 0.42, place - 0.42], color="white", linewidth=2.2)


def _beside(axes: Axes, form: Form, row: dict, kind: str, place: int, end: float) -> None:
    low, high = row[f"{kind}_low"], row[f"{kind}_high"]
    if not ranges.present(low) and not ranges.present(high):
        return
    marker, look, above, label = BESIDE_STYLE[kind]
    point = high if ranges.present(high) else low
    style = {"markeredgecolor": INK, "markeredgewidth": 0.9, "linestyle": "", "zorder": 4, "clip_on": False} | look
    (mark,) = axes.plot(min(point, end), place + above, marker=marker, **style)
    words = f"{row['name']}, {label}: {ranges.show_range(low, high)}"
    linked(mark, claim_link(row["other_claim_ids"] or row["claim_ids"]), words)
    if point > end:
        axes.annotate(
            f"{ranges.number(point)} →", (end, place + above), (-8, 0), textcoords="offset points",
            ha="right", va="center", fontsize=form.small_size, color=INK,
            bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.9},
        )  # fmt: skip
