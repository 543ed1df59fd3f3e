"""Orders of courts and acts of agencies and parliaments, in the order of time.

What belongs elsewhere: what an act halted (``views.acts``), events between states (``days``).

Typical use::

    acts.acts_timeline(acts.listed(ledger, Parameters()), ledger.as_of, source)
"""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.display import text
from analysis.display.charts.days import BEGINS, day_axis
from analysis.display.charts.style import (
    DARK,
    EDGE,
    FAINT,
    INK,
    MUTED,
    WARM,
    Chart,
    Form,
    both,
    claim_link,
    framed,
    linked,
    marked_title,
    marker_entry,
    nothing,
    room,
    stacked,
    styled,
    wrapped,
)
from analysis.ledger import schema
from analysis.values import dates
from analysis.views import provenance
from analysis.views.acts import DECIDING, FILED

# What forbids, binds or undoes removals is warm, what lets them go on or orders them is blue. An act that pauses or ends an
# earlier one can work either way and is grey; filings and other acts are pale.
EFFECTS = {
    "forbids": WARM, "sets_conditions": "#fdb863", "orders_return": WARM, "stays": "#bdbdbd", "lifts": "#bdbdbd",
    "allows": DARK, "directs": DARK, "filed": "#f0f0f0", "other": "#f0f0f0",
}  # fmt: skip
ACTORS = {"court": "s", "agency": "o", "parliament": "^"}
NUMBERED = (*DECIDING, "directs", "sets_conditions")
PROGRAMME = "the programme"
LABEL_INCHES = 1.1  # for the name of an effect in the narrow form


@styled
def acts_timeline(rows: pd.DataFrame, as_of: pd.Timestamp, source: str) -> Chart:
    """A line per effect and a mark per act at the last day on which it can have happened; its shape says who acted.

    Acts on the whole programme that forbid or allow it, bind it to conditions, or pause or end an earlier act bear a number,
    and a list under the lines gives their days and labels. Acts without a day, and acts after ``as_of``, are counted in the
    note.

    Args:
        rows: :func:`acts.listed`.
        as_of: the day of the newest report, at which the axis ends.
        source: the source line.
    """
    as_of = pd.Timestamp(as_of)
    dated = rows[(rows["date_latest"] >= BEGINS) & (rows["date_latest"] <= as_of)]
    dated = dated.sort_values(["date_latest", "act_id"], ignore_index=True)
    effects = [effect for effect in EFFECTS if effect in set(dated["effect"])]
    key_rows = dated[(dated["about"] == PROGRAMME) & dated["effect"].isin(NUMBERED)]
    number_of = {act: number for number, act in enumerate(key_rows["act_id"], start=1)}
    filed = int((dated["effect"] == FILED).sum())
    title = f"{text.plural(len(dated), 'act')} by what they do, {filed} of them filings"
    left_out = len(rows) - len(dated)
    doubtful = int((dated["support"] == provenance.DOUBTFUL).sum())
    note = f"Drawn at the effect told, but doubtful: {text.plural(doubtful, 'act')}. " if doubtful else ""
    if left_out:
        note += f"Not drawn: {text.plural(left_out, 'act')} without a day, before 2025 or after the newest report."

    def draw(form: Form) -> Figure:
        if dated.empty:
            return nothing(form, title, source, "No dated act.")
        present = [actor for actor in ACTORS if actor in set(dated["actor"])]
        key = [
            marker_entry(ACTORS[actor], schema.label("acts", "actor", actor), markerfacecolor="white")
            for actor in present
        ]
        labels = [schema.label("acts", "effect", effect) for effect in effects]
        if form.narrow:
            labels = ["\n".join(wrapped(label, LABEL_INCHES, form.text_size)) for label in labels]
        left = room(labels, form.text_size) + 0.14
        entries = _entries(key_rows, number_of, form)
        line = form.small_size * 1.4 / 72
        listed = sum(len(words) for _, words in entries) * line + 0.1 * len(entries) / 3
        first = BEGINS
        width = form.width - left - 0.4
        near = 12.5 / 72 / width * max((as_of - first).days, 1)
        stacks = {
            effect: stacked(dated[dated["effect"] == effect], "act_id", "date_latest", near) for effect in effects
        }
        step, foot = 0.17, 0.16
        of_text = form.text_size * 1.2 / 72
        heights = [
            max((max(stacks[effect].values()) + 1) * step, (label.count("\n") + 1) * of_text) + foot
            for effect, label in zip(effects, labels, strict=True)
        ]
        # fsum, because the sum of floats is not the same in every version of Python.
        figure, axes = framed(
            form, title, source, math.fsum(heights), left=left, right=0.22, key=key, note=note, bottom=0.42 + listed
        )
        top = 0.0
        for effect, label, height in zip(effects, labels, heights, strict=True):
            base = top + height - foot / 2 - step / 2
            # A label of several lines stands in the middle of its row, one of a single line beside the lowest marks.
            middle = top + height / 2 if "\n" in label else base
            axes.text(
                -left / width, middle, label, transform=axes.get_yaxis_transform(), va="center", fontsize=form.text_size
            )  # fmt: skip
            axes.axhline(top + height, color=FAINT, linewidth=0.6)
            for row in dated[dated["effect"] == effect].to_dict("records"):
                _act(axes, row, base - stacks[effect][row["act_id"]] * step, number_of.get(row["act_id"]))
            top += height
        axes.set_ylim(top, 0)
        axes.set_yticks([])
        day_axis(axes, first, as_of)
        _list(figure, form, entries, axes.get_position().y0 - 0.42 / figure.get_figheight(), line)
        return figure

    labels = "; ".join(f"{dates.show_day(row['date_latest'])}: {row['label']}" for row in key_rows.to_dict("records"))
    alt = f"Timeline of {text.plural(len(dated), 'act')}. {labels or 'None concerns the whole programme'}."
    return both("acts", title, alt, draw)


def _act(axes: Axes, row: dict, place: float, number: int | None) -> None:
    colour = EFFECTS[row["effect"]]
    (mark,) = axes.plot(
        row["date_latest"], place, marker=ACTORS[row["actor"]], markersize=10.5 if number else 7, linestyle="",
        markerfacecolor=colour, markeredgecolor=INK, markeredgewidth=0.6, clip_on=False, zorder=3,
    )  # fmt: skip
    words = f"{dates.show_day(row['date_latest'])}: {row['label']} ({row['actor_name']})"
    linked(mark, claim_link(row["claim_ids"]), marked_title(words, row["support"]))
    if number:
        dark = colour == DARK
        axes.text(
            row["date_latest"], place, str(number), ha="center", va="center", fontsize=6.5, fontweight="bold", zorder=4,
            color="white" if dark else INK,
        )  # fmt: skip


def _entries(rows: pd.DataFrame, number_of: dict[str, int], form: Form) -> list[tuple[dict, list[str]]]:
    """The lines of each entry of the list under the figure."""
    inches = form.width - 2 * EDGE - 0.3
    entries = []
    for row in rows.to_dict("records"):
        words = f"{dates.show_day(row['date_latest'])}: {row['label']}"
        entries.append((row | {"number": number_of[row["act_id"]]}, wrapped(words, inches, form.small_size)))
    return entries


def _list(figure: Figure, form: Form, entries: list[tuple[dict, list[str]]], top: float, line: float) -> None:
    height = figure.get_figheight()
    for row, words in entries:
        figure.text(
            EDGE / form.width,
            top,
            str(row["number"]),
            va="top",
            fontsize=form.small_size,
            fontweight="bold",
            color=MUTED,
        )
        written = figure.text(
            (EDGE + 0.3) / form.width,
            top,
            "\n".join(words),
            va="top",
            fontsize=form.small_size,
            linespacing=1.2,
            color=INK,
        )
        linked(written, claim_link(row["claim_ids"]), marked_title(row["label"], row["support"]))
        top -= (len(words) * line + 0.033) / height
