"""When it happened and when it became public: dots for days, bars for spans of days. Every axis ends at the newest report.

What belongs elsewhere: how a span is computed (``views.timing``), how a day is worded (``values.dates``).

Typical use::

    days.timing(timing.by_country(ledger, Parameters()), ledger.as_of, source)
"""

import math
import textwrap
from collections.abc import Iterable

import matplotlib.dates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.display import text
from analysis.display.charts.marked_days import NOTE, mark_days, marked
from analysis.display.charts.style import (
    DARK,
    FAINT,
    INK,
    MIDDLE,
    MUTED,
    PALE,
    WARM,
    WEAK_LABEL,
    Chart,
    Form,
    bar_entry,
    both,
    claim_link,
    country_link,
    day_words,
    framed,
    guides,
    is_weak,
    linked,
    marked_title,
    marker_entry,
    name_rows,
    nothing,
    room,
    stacked,
    styled,
)
from analysis.ledger import schema
from analysis.values import dates
from analysis.views import provenance

# Events in the order in which they are drawn one on the other: colour, hatch, height.
EVENTS = {
    "approach": ("approached", PALE, "", 0.74),
    "agreement": ("agreement", "#41b6c4", "////", 0.5),
    "arrival": ("arrival", DARK, "", 0.26),
}
LEAST_DAYS = 5  # a bar is at least as long as this, or nobody would see it
BEGINS = pd.Timestamp("2024-12-25")  # so that the number of the year 2025 stands on the axis


@styled
def timing(rows: pd.DataFrame, as_of: pd.Timestamp, source: str, acts: pd.DataFrame | None = None) -> Chart:
    """One line per country, grouped by region: a dot for the day by which it was public, bars where an event is dated.

    Args:
        rows: :func:`timing.by_country`.
        as_of: the day of the newest report, at which the axis ends.
        source: the source line.
        acts: :func:`acts.listed`, of which some days are marked.
    """
    as_of = pd.Timestamp(as_of)
    title = _timing_title(rows)
    lines = _grouped(rows)
    columns = [f"{event}_{bound}" for event in EVENTS for bound in ("earliest", "latest")]
    first = _first([*rows[columns].to_numpy().ravel(), *rows["public_latest"]])
    weak = bool(len(rows)) and rows["support"].map(is_weak).any()

    def draw(form: Form) -> Figure:
        if rows.empty:
            return nothing(form, title, source, "No country is reported as asked.")
        key = [marker_entry("o", "public by", markerfacecolor=WARM, markersize=7)]
        if weak:
            key.append(marker_entry("o", f"the same, {WEAK_LABEL}", markerfacecolor="white", markeredgecolor=WARM,
                                    markeredgewidth=1.6, markersize=7))  # fmt: skip
        for label, colour, hatch, _ in EVENTS.values():
            key.append(bar_entry(f"{label}, where dated", facecolor=colour, hatch=hatch, hatchcolor=MUTED))
        names = [line if isinstance(line, str) else form.name_of(line["receiver"]) for line in lines]
        links = [
            ("", "") if isinstance(line, str) else (country_link(line["receiver"]), line["name"]) for line in lines
        ]
        left = room(names, form.text_size) + 0.1
        note = NOTE if len(marked(acts)) else ""
        figure, axes = framed(
            form, title, source, 0.215 * len(lines) + 0.1, left=left, right=0.22, key=key, bottom=0.4, note=note
        )
        mark_days(axes, acts)
        name_rows(axes, form, names, links)
        for written, line in zip(list(axes.texts), lines, strict=True):
            if isinstance(line, str):
                written.set(fontweight="bold")
        for place, line in enumerate(lines):
            if isinstance(line, str):
                axes.axhline(place + 0.5, color=FAINT, linewidth=0.6)
            else:
                guides(axes, [place])
                _country(axes, line, place, as_of)
        day_axis(axes, first, as_of)
        return figure

    parts = [f"{r['name']} public {day_words(r['public_latest'])}" for r in rows.to_dict("records")]
    alt = f"Chart of time spans for {text.plural(len(rows), 'country', 'countries')}. {'; '.join(parts) or 'None'}."
    return both("timing", title, alt, draw)


def _timing_title(rows: pd.DataFrame) -> str:
    dated = rows[rows["approach_earliest"].notna() & (rows["lag_days_min"] > 0)]
    title = f"{text.plural(len(rows), 'country', 'countries')} reported as approached or further"
    if dated.empty:
        return title
    longest = dated.sort_values(["lag_days_min", "name"], ascending=[False, True]).iloc[0]
    return (
        f"{title}; of the dated approaches, that to {longest['name']} took longest to become public, "
        f"{text.plural(longest['lag_days_min'], 'day')} or more"
    )


def _grouped(rows: pd.DataFrame) -> list[str | dict]:
    """Region names and rows in the order of drawing: the region with most countries first, in it the first to be public."""
    order = rows["region"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    lines: list[str | dict] = []
    for region in order.index:
        here = rows[rows["region"] == region].sort_values(["public_latest", "name"], na_position="last")
        lines += [f"{region} ({len(here)})", *here.to_dict("records")]
    return lines


def _country(axes: Axes, row: dict, place: float, as_of: pd.Timestamp) -> None:
    for event, (label, colour, hatch, height) in EVENTS.items():
        low, high = row[f"{event}_earliest"], row[f"{event}_latest"]
        if pd.isna(low) or pd.isna(high) or low > as_of:
            continue
        width = max(min(high, as_of) - low, pd.Timedelta(days=LEAST_DAYS))
        (bar,) = axes.barh(
            place, width, left=low, height=height, color=colour, hatch=hatch, hatchcolor="#ffffffc0", edgecolor=INK,
            linewidth=0.5,
        )  # fmt: skip
        linked(bar, country_link(row["receiver"]), f"{row['name']}, {label}: {_span(low, high)}")
    if pd.isna(row["public_latest"]):
        return
    hollow = is_weak(row["support"])
    (dot,) = axes.plot(
        row["public_latest"], place, marker="o", markersize=6.5, linestyle="", clip_on=False, zorder=4,
        markerfacecolor="white" if hollow else WARM, markeredgecolor=WARM if hollow else INK,
        markeredgewidth=1.6 if hollow else 0.6,
    )  # fmt: skip
    words = f"{row['name']}: public by {dates.show_day(row['public_latest'])}"
    linked(dot, claim_link(row["claim_ids"]), marked_title(words, row["support"]))


def _span(low: pd.Timestamp, high: pd.Timestamp) -> str:
    return dates.show_day(low) if low == high else f"between {dates.show_day(low)} and {dates.show_day(high)}"


@styled
def cumulative(
    grown: pd.DataFrame,
    as_of: pd.Timestamp,
    source: str,
    public: pd.DataFrame | None = None,
    counts: pd.DataFrame | None = None,
) -> Chart:
    """Steps: how many countries were publicly reported as approached or further by each day, and how many had been by then.

    Args:
        grown: :func:`timing.cumulative` of ``contact``: a band between at least and at most.
        as_of: the day of the newest report, at which the axis ends.
        source: the source line.
        public: :func:`timing.cumulative` of ``public``, which leads where it is given.
        counts: :func:`tallies.reconcile`; what others counted all over the world is marked.
    """
    as_of = pd.Timestamp(as_of)
    leading = grown if public is None else public
    now = int(leading["countries_low"].iloc[-1]) if len(leading) else 0
    verb = "is" if now == 1 else "are"
    said = "publicly reported as" if public is not None else "reported as"
    title = f"{text.plural(now, 'country', 'countries')} {verb} {said} approached or further along"
    if public is not None and len(public):
        half = public[public["countries_low"] >= now / 2]["day"].min()
        title += f"; half of them by {dates.show_day(half)}"
    others = _comparable(counts, as_of)

    def draw(form: Form) -> Figure:
        if leading.empty:
            return nothing(form, title, source, "No country is reported as approached.")
        key: list = []
        if public is not None:
            key.append(marker_entry("", "publicly reported by that day", linestyle="-", linewidth=2.6, color=DARK))
        band = "approached or further by then, at least and at most"
        key.append(bar_entry(band, facecolor="#c7e9b4", hatch="///", hatchcolor="#74a87f", edgecolor="#5c8f68"))
        if others:
            key.append(marker_entry("P", "counts that others published", markerfacecolor=WARM, markersize=7))
        figure, axes = framed(form, title, source, 2.7, left=0.5, right=0.25, key=key, bottom=0.4)
        first = _first([*grown["day"], *leading["day"]])
        days, low = _until(grown, "countries_low", as_of)
        _, high = _until(grown, "countries_high", as_of)
        axes.fill_between(
            days, low, high, step="post", facecolor="#c7e9b4", hatch="///", hatchcolor="#74a87f", edgecolor="#5c8f68",
            linewidth=0.6,
        )  # fmt: skip
        top = max(high)
        if public is not None:
            when, known = _until(public, "countries_low", as_of)
            axes.step(when, known, where="post", color=DARK, linewidth=2.6)
            axes.annotate(
                f"{known[-1]}", (as_of, known[-1]), (-2, 5), textcoords="offset points", ha="right", color=DARK,
                fontsize=form.text_size + 1, fontweight="bold",
            )  # fmt: skip
            _largest_rise(axes, form, public)
        top = max([top, *(row["count_min"] for row in others)])
        axes.set_ylabel("countries")
        axes.set_ylim(0, top * 1.1 + 1)
        axes.yaxis.get_major_locator().set_params(integer=True)
        day_axis(axes, first, as_of)
        axes.grid(axis="y")
        _published_counts(axes, form, others, grown)
        return figure

    day = dates.show_day(as_of)
    alt = "Step chart of nothing."
    if len(grown):
        low, high = int(grown["countries_low"].iloc[-1]), int(grown["countries_high"].iloc[-1])
        alt = f"Step chart: at least {low} and at most {high} countries approached or further along by {day}"
        alt += f"; {now} publicly reported by then." if public is not None else "."
    return both("contact_cumulative", title, alt, draw)


def _until(grown: pd.DataFrame, column: str, as_of: pd.Timestamp) -> tuple[list[pd.Timestamp], list[int]]:
    """Days and counts of a curve, carried on to ``as_of`` and no further."""
    known = grown[grown["day"] <= as_of]
    counts = known[column].astype(int).tolist()
    return [*known["day"], as_of], [*counts, counts[-1] if counts else 0]


def _largest_rise(axes: Axes, form: Form, public: pd.DataFrame) -> None:
    """A note at the day that made most countries public."""
    rises = public["countries_low"].diff()
    if len(public) < 2 or rises.max() < 2:
        return
    row = public.loc[rises.idxmax()]
    words = f"+{rises.max():.0f} on {dates.show_day(row['day'])}"
    axes.annotate(
        words, (row["day"], row["countries_low"]), (16, -16), textcoords="offset points", va="center",
        fontsize=form.small_size + 0.5, color=INK, arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.8},
    )  # fmt: skip


def _comparable(counts: pd.DataFrame | None, as_of: pd.Timestamp) -> list[dict]:
    """Of what others counted, countries named, asked or in talks all over the world; doubtful counts are left out."""
    if counts is None or counts.empty:
        return []
    alike = counts[
        (counts["unit"] == "countries")
        & counts["counted"].isin(["named", "asked", "in_talks"])
        & (counts["among"] == "")
        & counts["count_min"].notna()
        & (counts["first_public_on"] <= as_of)
        & (counts["support"] != provenance.DOUBTFUL)
    ]
    alike = alike.drop_duplicates(["first_reported_by", "first_public_on", "count_min", "counted"])
    return alike.sort_values(["count_min", "first_public_on"], ascending=[False, True]).to_dict("records")


def _published_counts(axes: Axes, form: Form, others: list[dict], grown: pd.DataFrame) -> None:
    """A mark for each count that others published, hollow where known from digests alone.

    Those above the band, which this ledger cannot name in full, have their words beside them, if these cover no others.
    """
    box = axes.get_position()
    figure = axes.get_figure()
    inches = (box.width * figure.get_figwidth(), box.height * figure.get_figheight())
    (begin, end), (_, top) = axes.get_xlim(), axes.get_ylim()
    taken: list[tuple[float, float, float, float]] = []
    for row in others:
        day = matplotlib.dates.date2num(row["first_public_on"])
        x, y = (day - begin) / (end - begin) * inches[0], row["count_min"] / top * inches[1]
        count = f"{row['count_min']:.0f} {schema.label('steps', 'step', row['counted'])}"
        words = f"{row['first_reported_by']}: {count}"
        (mark,) = axes.plot(
            row["first_public_on"], row["count_min"], marker="P", markersize=8, markeredgecolor=INK, linestyle="",
            markerfacecolor="white" if row["support"] == provenance.DIGESTS_ONLY else WARM, markeredgewidth=0.7, zorder=5,
            clip_on=False,
        )  # fmt: skip
        when = dates.show_day(row["first_public_on"])
        linked(mark, claim_link(row["claim_ids"]), f"Published count, {words} ({row['definition']}), {when}")
        band = grown.loc[grown["day"] <= row["first_public_on"], "countries_high"]
        if len(band) and row["count_min"] <= band.max():
            continue
        publisher = textwrap.shorten(
            row["first_reported_by"].removeprefix("The ").replace("U.S. ", ""), 26, placeholder=" …"
        )
        written = f"{publisher}: {count}" + ("" if form.narrow else f", {when}")
        wide = room([written], form.small_size + 0.5)
        for start, side in ((x + 0.1, "left"), (x - 0.1 - wide, "right")):
            here = (start, y - 0.07, start + wide, y + 0.07)
            free = not any(here[0] < o[2] and o[0] < here[2] and here[1] < o[3] and o[1] < here[3] for o in taken)
            if start > 0 and start + wide < inches[0] and free:
                taken.append(here)
                axes.annotate(
                    written, (row["first_public_on"], row["count_min"]), (7 if side == "left" else -7, 0), ha=side,
                    textcoords="offset points", va="center", fontsize=form.small_size + 0.5, color=INK, zorder=5,
                )  # fmt: skip
                break


DRAWN_OF_A_STEP = [
    "claim_id", "step", "stance", "public_on", "date_earliest", "date_latest", "source_publisher", "wording",
]  # fmt: skip


@styled
def country_steps(steps: pd.DataFrame, name: str, as_of: pd.Timestamp, source: str) -> Chart:
    """One country: a line per step with a dot for each claim at its public day, and bars where a claim dates the event.

    Claims that became public at about the same time stand one above the other. Denials are crosses.

    Args:
        steps: rows of the table of steps about one country.
        name: the country's name.
        as_of: the day of the newest report, at which the axis ends.
        source: the source line.
    """
    as_of, steps = pd.Timestamp(as_of), steps[DRAWN_OF_A_STEP]
    kinds = [kind for kind in (*reversed(schema.LADDER), *schema.OFF_LADDER) if kind in set(steps["step"])]
    title = f"{name}: {text.plural(len(steps), 'claim')} about its steps"
    if len(steps):
        begin, end = (dates.show_day(day) for day in (steps["public_on"].min(), steps["public_on"].max()))
        title += f", public by {begin}" if begin == end else f", public from {begin} to {end}"
    denials = int((steps["stance"] == "denies").sum())
    first = _first([*steps["public_on"], *steps["date_earliest"].dropna()])

    def draw(form: Form) -> Figure:
        if steps.empty:
            return nothing(form, title, source, "No claim about a step.")
        key = [
            marker_entry("o", "a claim, public by", markerfacecolor=MIDDLE, markersize=6.5),
            bar_entry("the event, where a claim dates it", facecolor=PALE, edgecolor="none"),
        ]
        if denials:
            look = {"color": WARM, "markeredgecolor": WARM, "markeredgewidth": 2}
            key.insert(1, marker_entry("x", "a denial, public by", **look))
        labels = [schema.label("steps", "step", kind) for kind in kinds]
        left = room(labels, form.text_size) + 0.12
        width = form.width - 0.4 - left
        span = max((as_of - first).days, 1)
        near = 8.5 / 72 / width * span  # days within which two dots would touch
        in_order = steps.sort_values(["public_on", "claim_id"])
        stacks = {kind: stacked(in_order[in_order["step"] == kind], "claim_id", "public_on", near) for kind in kinds}
        step, foot = 0.105, 0.2  # inches: from dot to dot, and around a line
        heights = [(max(stacks[kind].values(), default=0) + 1) * step + foot for kind in kinds]
        # fsum, because the sum of floats is not the same in every version of Python.
        figure, axes = framed(form, title, source, math.fsum(heights), left=left, right=0.22, key=key, bottom=0.4)
        top = 0.0
        for kind, label, height in zip(kinds, labels, heights, strict=True):
            base = top + height - foot / 2 - step / 2
            axes.text(
                0.08 / form.width, base, label, transform=axes.get_yaxis_transform(), va="center",
                fontsize=form.text_size, clip_on=False,
            ).set_transform(_from_edge(axes))  # fmt: skip
            axes.axhline(top + height, color=FAINT, linewidth=0.6)
            _line(axes, steps[steps["step"] == kind], stacks[kind], base, step, as_of)
            top += height
        axes.set_ylim(top, 0)
        axes.set_yticks([])
        axes.grid(axis="x")
        day_axis(axes, first, as_of)
        return figure

    alt = (
        f"Chart of {text.plural(len(steps), 'claim')} about {name} by step and date; {text.plural(denials, 'denial')}."
    )
    return both("country_steps", title, alt, draw)


def _from_edge(axes: Axes) -> matplotlib.transforms.Transform:
    return matplotlib.transforms.blended_transform_factory(axes.get_figure().transFigure, axes.transData)


def _line(
    axes: Axes, claims: pd.DataFrame, levels: dict[str, int], base: float, step: float, as_of: pd.Timestamp
) -> None:
    axes.axhline(base, color=FAINT, linewidth=0.5, zorder=0.5)
    for row in claims.to_dict("records"):
        low, high = row["date_earliest"], row["date_latest"]
        denies = row["stance"] == "denies"
        words = f"{row['claim_id']}, {schema.label('steps', 'step', row['step'])}{' denied' if denies else ''}"
        words += f", public by {dates.show_day(row['public_on'])}, {row['source_publisher']}: “{row['wording']}”"
        if not denies and not pd.isna(low) and not pd.isna(high) and low <= as_of:
            width = max(min(high, as_of) - low, pd.Timedelta(days=LEAST_DAYS))
            axes.barh(base, width, left=low, height=0.15, color=PALE, zorder=0.7)
        look = {"marker": "x", "markersize": 6.5, "color": WARM, "markeredgewidth": 2} if denies else {
            "marker": "o", "markersize": 6.5, "markerfacecolor": MIDDLE, "markeredgecolor": INK, "markeredgewidth": 0.5,
        }  # fmt: skip
        (dot,) = axes.plot(
            row["public_on"], base - levels[row["claim_id"]] * step, linestyle="", clip_on=False, zorder=3, **look
        )
        linked(dot, claim_link(row["claim_id"]), words)


def day_axis(axes: Axes, first: pd.Timestamp, as_of: pd.Timestamp) -> None:
    """The x axis as days from ``first`` to the day of the newest report."""
    axes.set_xlim(first, as_of)
    locator = matplotlib.dates.AutoDateLocator(minticks=3, maxticks=7)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(
        matplotlib.dates.ConciseDateFormatter(
            locator, formats=["%Y", "%b", "%d", "%H:%M", "%H:%M", "%S"],
            zero_formats=["", "%b\n%Y", "%d %b", "", "%H:%M", "%H:%M"], show_offset=False,
        )
    )  # fmt: skip
    axes.grid(axis="x")


def _first(days: Iterable[pd.Timestamp]) -> pd.Timestamp:
    """The first day of an axis: a little before the first day known, and not after the end of 2024."""
    known = [pd.Timestamp(day) for day in days if not pd.isna(day)]
    earliest = min(known, default=BEGINS)
    return BEGINS if earliest >= BEGINS + pd.Timedelta(days=5) else earliest - pd.Timedelta(days=10)
