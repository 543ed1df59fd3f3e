"""Sums reported, by stage.

What belongs elsewhere: which sums are added (``views.payments``), sentences about them (``text``).

Typical use::

    money.payment_ranges(payments.reported(ledger, Parameters()), source)
"""

import math
import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.display import text
from analysis.display.charts.style import (
    DARK,
    FAINT,
    INK,
    MIDDLE,
    PALE,
    WEAK_LABEL,
    Chart,
    Form,
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
from analysis.ledger import schema
from analysis.values import countries, ranges
from analysis.views import payments

# From asked to paid: a shape for each stage, darker the firmer it is.
STAGE_STYLE = {
    "requested": ("v", "white"),
    "offered": ("o", PALE),
    "approved": ("^", PALE),
    "agreed": ("s", MIDDLE),
    "paid": ("D", DARK),
    "spent": ("X", DARK),
}
DISTINCT = 0.018  # parts of the axis: marks nearer to each other than this stand one above the other


@styled
def payment_ranges(rows: pd.DataFrame, source: str, name: str = "payments", title: str = "") -> Chart:
    """One line per payment, with a mark per stage from asked to paid; sums per person in a panel of their own.

    A mark stands at the sum, a thick line spans a range, an arrow shows an end that is open. Marks of sums that rest on one
    origin or on digests alone are hollow. Payments whose sum is not reported are named in the note.

    Args:
        rows: :func:`payments.reported`.
        source: the source line.
        name: of the figure's files.
        title: instead of the finding, which says how much is reported paid.
    """
    title = title or _title(rows)
    dollars = rows[rows["currency"] == "USD"]
    known = dollars[dollars[["amount_min", "amount_max"]].notna().any(axis=1)]
    unknown = rows[rows[["amount_min", "amount_max"]].isna().all(axis=1)]
    others = rows[(rows["currency"] != "USD") & ~rows.index.isin(unknown.index)]
    sums, prices = known[known["unit"] != "per_person"], known[known["unit"] == "per_person"]
    note = "Stages are never added: a sum agreed and then paid is one sum. "
    if len(unknown):
        note += f"Sum not reported: {text.series(dict.fromkeys(_receiver(row) for row in unknown.to_dict('records')))}."
    if len(others):
        note += f" Not drawn: {text.plural(len(others), 'sum')} in other currencies."
    stages = [stage for stage in STAGE_STYLE if stage in set(known["stage"])]
    weak = bool(len(known)) and known["support"].map(is_weak).any()

    def draw(form: Form) -> Figure:
        if known.empty:
            return nothing(form, title, source, "No sum in US dollars is reported.")
        key = [
            marker_entry(
                STAGE_STYLE[stage][0], schema.label("payments", "stage", stage), markerfacecolor=STAGE_STYLE[stage][1]
            )
            for stage in stages
        ]
        if weak:
            key.append(marker_entry("s", f"hollow: {WEAK_LABEL}", markerfacecolor="white", markeredgecolor=MIDDLE))
        panels = [(panel, scale, words) for panel, scale, words in (
            (sums, 1e6, "million US dollars"), (prices, 1e3, "thousand US dollars per person"),
        ) if len(panel)]  # fmt: skip
        named = [_payments(panel) for panel, _, _ in panels]
        names, details = zip(*(_label(group, form) for groups in named for group in groups), strict=True)
        left = 0.12 if form.narrow else max(room(names, 9), room(details, 7.5)) + 0.15
        each = 0.6 if form.narrow else 0.4
        heights = [each * len(groups) + 0.1 for groups in named]
        # fsum, because the sum of floats is not the same in every version of Python.
        figure, axes = framed(
            form, title, source, math.fsum(heights) + 0.62 * (len(panels) - 1), left=left, bottom=0.5, note=note, key=key,
            right=0.25,
        )  # fmt: skip
        place = axes.get_position()
        axes.remove()
        unit = place.height / (math.fsum(heights) + 0.62 * (len(panels) - 1))
        top = place.y1
        for (_, scale, words), groups, height in zip(panels, named, heights, strict=True):
            axes = figure.add_axes((place.x0, top - height * unit, place.width, height * unit))
            top -= (height + 0.62) * unit
            _panel(axes, form, groups, scale)
            axes.set_xlabel(words)
        return figure

    parts = [f"{_receiver(r)}: {payments.show_amount(r)}, {r['stage']}" for r in rows.to_dict("records")]
    count = text.plural(rows["payment_id"].nunique(), "payment")
    return both(name, title, f"Chart of {count} by stage. {'; '.join(parts) or 'None reported'}.", draw)


def _title(rows: pd.DataFrame) -> str:
    paid = payments.added(rows, "paid")
    if paid.empty:
        return "No sum is reported as paid; sums reported, by stage"
    low, high = ranges.add(paid["amount_min"], paid["amount_max"])
    millions = text.millions(low) if low else f"Up to {text.millions(high or 0)}"
    count = text.plural(paid["receiver"].nunique(), "country", "countries")
    return f"{millions} million US dollars are reported paid to {count}"


def _payments(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of each payment, the furthest stage first, within it the largest sum; then by name."""

    def order(group: pd.DataFrame) -> tuple[int, float, str]:
        stage = min(payments.PAID_FIRST.index(stage) for stage in group["stage"])
        return stage, -float(group[["amount_min", "amount_max"]].max(axis=None)), group["payment_id"].iloc[0]

    return sorted((group for _, group in rows.groupby("payment_id", sort=True)), key=order)


def _label(group: pd.DataFrame, form: Form) -> tuple[str, str]:
    """The receiver, and what the money is for."""
    row = group.iloc[0].to_dict()
    who = form.name_of(row["receiver"]) if row["receiver"] else _receiver(row)
    purpose = textwrap.shorten(str(row["purpose"] or "").split(";")[0].rstrip("."), 38, placeholder=" …")
    purpose = f"{purpose[:1].lower()}{purpose[1:]}"
    return (f"{who}: {purpose}" if purpose else who, "") if form.narrow else (who, purpose)


def _panel(axes: Axes, form: Form, groups: list[pd.DataFrame], scale: float) -> None:
    labels, details = zip(*(_label(group, form) for group in groups), strict=True)
    links = [(country_link(group["receiver"].iloc[0]), _receiver(group.iloc[0].to_dict())) for group in groups]
    name_rows(axes, form, labels, links, above=form.narrow, details=details)
    inches = axes.get_position().width * form.width
    top = max(_end(group, form, scale, inches) for group in groups)
    axes.set_xlim(0, top)
    axes.xaxis.get_major_locator().set_params(steps=[1, 2, 5, 10], nbins=5 if form.narrow else 8)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value >= 1 or not value else f"{value:g}")
    guides(axes, range(len(groups)))
    for place, group in enumerate(groups):
        _line(axes, form, group, place, scale, top)


def _end(group: pd.DataFrame, form: Form, scale: float, inches: float) -> float:
    """Where the axis must end for the words of this payment to have room after its last mark."""
    words = room(_wrapped_words(group.to_dict("records"), form), form.text_size) + 0.35
    return (
        float(group[["amount_min", "amount_max"]].max(axis=None)) / scale * inches / max(inches - words, inches * 0.3)
    )


def _wrapped_words(stages: list[dict], form: Form) -> list[str]:
    return textwrap.wrap(_in_words(stages), 24 if form.narrow else 34)


def _line(axes: Axes, form: Form, group: pd.DataFrame, place: float, scale: float, top: float) -> None:
    """One payment: a thin line to its largest sum, a mark for each stage, and the sums in words at its end."""
    stages = sorted(group.to_dict("records"), key=lambda row: list(STAGE_STYLE).index(row["stage"]))
    points = [(row["amount_max"] if ranges.present(row["amount_max"]) else row["amount_min"]) / scale for row in stages]
    axes.plot([0, max(points)], [place, place], color=FAINT, linewidth=1.2, zorder=1)
    spots: list[list[int]] = []  # marks that would cover each other, together
    for number, point in enumerate(points):
        for spot in spots:
            if abs(points[spot[0]] - point) < top * DISTINCT:
                spot.append(number)
                break
        else:
            spots.append([number])
    for spot in spots:
        for level, number in enumerate(spot):
            shift = (level - (len(spot) - 1) / 2) * (0.2 if form.narrow else 0.3)
            _stage(axes, stages[number], points[number], place + shift, scale, top)
    # Room to the right of the last mark: no mark lies there.
    opened = any(ranges.present(row["amount_min"]) and not ranges.present(row["amount_max"]) for row in stages)
    axes.annotate(
        "\n".join(_wrapped_words(stages, form)), (max(points), place), (22 if opened else 9, 0),
        textcoords="offset points", va="center", fontsize=form.text_size, linespacing=1.0, color=INK,
    )  # fmt: skip


def _stage(axes: Axes, row: dict, point: float, place: float, scale: float, top: float) -> None:
    marker, fill = STAGE_STYLE[row["stage"]]
    low, high = row["amount_min"], row["amount_max"]
    edge = INK
    if is_weak(row["support"]):
        edge, fill = (MIDDLE if fill in (PALE, "white") else fill), "white"
    (mark,) = axes.plot(
        point, place, marker=marker, markersize=8, markerfacecolor=fill, markeredgecolor=edge, linestyle="",
        markeredgewidth=1.5 if edge != INK else 0.8, zorder=3, clip_on=False,
    )  # fmt: skip
    words = f"{_receiver(row)}, {schema.label('payments', 'stage', row['stage'])}: {payments.show_amount(row)}"
    linked(mark, claim_link(row["claim_ids"]), marked_title(words, row["support"]))
    if ranges.present(low) and ranges.present(high) and low != high:
        axes.plot([low / scale, high / scale], [place, place], color=MIDDLE, linewidth=3, solid_capstyle="butt")
    elif not ranges.present(low) or not ranges.present(high):
        length = top * 0.05 * (-1 if not ranges.present(low) else 1)
        arrow = {"arrowstyle": "->", "color": MIDDLE, "linewidth": 1.6}
        axes.annotate("", (point + length, place), (point, place), arrowprops=arrow, zorder=2)


def _in_words(stages: list[dict]) -> str:
    """``agreed 6 million, paid 4.76 million``; stages of one sum together."""
    grouped: dict[str, list[str]] = {}
    for row in stages:
        grouped.setdefault(_short(row), []).append(schema.label("payments", "stage", row["stage"]))
    return "; ".join(f"{text.series(names)} {sum_}" for sum_, names in grouped.items())


def _short(row: dict) -> str:
    """A sum in few letters: ``7.5m``, ``up to 7.85m``, ``116,666``."""
    low, high = row["amount_min"], row["amount_max"]
    if not ranges.present(high):
        return f"{_figure(low)} or more"
    if not ranges.present(low):
        return f"up to {_figure(high)}"
    return _figure(low) if low == high else f"{_figure(low)} to {_figure(high)}"


def _figure(amount: float) -> str:
    return f"{text.millions(amount)}m" if amount >= 1e6 else ranges.number(amount)


def _receiver(row: dict) -> str:
    """The country the money is for; for money without one, who is paid."""
    others = {"": "several countries", "person": "the person leaving"}
    return countries.name(row["receiver"]) if row["receiver"] else others.get(row["payee"], row["payee"])
