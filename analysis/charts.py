"""Figures: one house style, alt text, a source line. Every function takes a view's frame and returns a :class:`Chart`.

Nothing here computes what is shown (the views do) or writes a file. Meaning is never carried by colour alone: steps
differ in hatching or marker, firm and open ends in shape.
"""

import calendar
import io
import json
import math
import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import matplotlib
import matplotlib.dates
import pandas as pd
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.transforms import ScaledTranslation, blended_transform_factory

from analysis import amounts, codebook, dates, paths, payments, places, standings

# The style on top of matplotlib's own defaults: a reader's matplotlibrc changes nothing.
STYLE = {
    key: value
    for key, value in matplotlib.rc_params_from_file(paths.PROJECT / "analysis" / "ledger.mplstyle").items()
    if key not in ("backend", "backend_fallback", "interactive", "toolbar", "timezone", "datapath")
}
WIDTH = 8.6
# Light to dark along the ladder (ColorBrewer YlGnBu, safe for colour-blind readers), grey beside it.
STEP_STYLE = {
    "named": ("#ffffcc", "||", "o"),
    "asked": ("#c7e9b4", "///", "^"),
    "in_talks": ("#7fcdbb", "\\\\\\", "s"),
    "willing": ("#41b6c4", "xxx", "D"),
    "agreed": ("#1d91c0", "--", "P"),
    "signed": ("#225ea8", "+++", "X"),
    "received": ("#0c2c84", "", "*"),
    "beside": ("#d9d9d9", "+", "v"),
}
STAGE_MARKER = {"requested": "v", "offered": "o", "approved": "^", "agreed": "s", "paid": "D", "spent": "*"}
INK, MUTED = "#1a1a1a", "#595959"


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure with its name, title, alt text and source line. In a notebook it displays itself as SVG."""

    name: str
    title: str
    alt: str
    figure: Figure

    def to_svg(self):
        """The figure as an SVG element, the same bytes each time: no clock, no random ids, coordinates to 0.1 pt."""
        target = io.BytesIO()
        with matplotlib.rc_context(STYLE | {"svg.hashsalt": self.name}):
            # The canvas itself: savefig would draw once more before, for a layout that is settled.
            FigureCanvasSVG(self.figure).print_svg(
                target, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type"))
            )
        svg = target.getvalue().decode("utf-8")
        svg = svg[svg.index("<svg") :]
        svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
        svg = re.sub(r' d="[^"]*"', lambda path: re.sub(r"(\.\d)\d+", r"\1", path[0]).replace("\n", ""), svg)
        label = f'<svg role="img" aria-label="{escape(self.alt, quote=True)}" '
        return svg.replace("<svg ", label, 1).rstrip() + "\n"

    def __repr__(self):
        return f"{self.title}. {self.alt}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"text/plain": repr(self), "image/svg+xml": self.to_svg()}
        return data, {"ledger": {"kind": "figure", "name": self.name, "title": self.title, "alt": self.alt}}


def source_line(book):
    """Where a figure's data come from and as of when."""
    claims = book.claims
    return (
        f"Third-Country Ledger, CC BY 4.0: {len(claims):,} claims read in {claims['source_id'].nunique()} sources, "
        f"known by {dates.show_day(book.as_of)}. Reported, not established."
    )


def _figure(height, title, source, **panels):
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.subplots(**panels)
    figure.supxlabel(source, x=0.008, ha="left", fontsize=7.5, color=MUTED)
    figure.suptitle(title, x=0.008, ha="left", fontsize=12, fontweight="bold")
    return figure, axes


def _legend(axes, handles=None, below=42, **options):
    """Legend under the axes, ``below`` points from them, where the layout makes room for it above the source line."""
    across = blended_transform_factory(axes.figure.transFigure, axes.transAxes)
    place = across + ScaledTranslation(0, -below / 72, axes.figure.dpi_scale_trans)
    options["handles"] = axes.get_legend_handles_labels()[0] if handles is None else handles
    if not options["handles"]:
        return
    axes.legend(loc="upper left", bbox_to_anchor=(0.005, 0), bbox_transform=place, borderaxespad=0, **options)


def _chart(name, title, alt, figure):
    """The chart with its layout settled: it would drift by fractions of a point if it were computed at every drawing."""
    if layout := figure.get_layout_engine():
        layout.execute(figure)
    figure.set_layout_engine("none")
    return Chart(name, title, alt, figure)


def _styled(draw):
    def styled(*args, **kwargs):
        with matplotlib.rc_context(STYLE):
            return draw(*args, **kwargs)

    styled.__doc__, styled.__name__ = draw.__doc__, draw.__name__
    return styled


def _hatch_colour(step):
    return "white" if step in ("agreed", "signed", "received", "arrival") else "#555555"


def _step_label(step):
    return "no step, but declined, no answer or stopped" if step == "beside" else codebook.label("steps", "step", step)


@_styled
def by_region(regions, scheme, source):
    """Stacked bars: countries per region, split by the furthest step reported, with the count in each part."""
    title = f"Countries by {places.REGION_SCHEMES[scheme]} and furthest step reported"
    figure, axes = _figure(1.9 + 0.5 * max(len(regions), 1), title, source)
    order = [step for step in standings.POSITIONS if len(regions) and regions[step].sum()]
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
            hatchcolor=_hatch_colour(step),
            linewidth=0.7,
            label=_step_label(step),
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
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    _legend(axes, ncols=4, handlelength=2.2, handleheight=1.2)
    parts = [f"{r.region} {r.total}" for r in regions.itertuples()]
    alt = f"Bar chart of {sum(left)} countries: {', '.join(parts)}; split by furthest step reported."
    return _chart("countries_by_region", title, alt, figure)


@_styled
def standing_by_month(rows, source):
    """One small panel per step and one for those beside the ladder: how many countries stood there, month by month."""
    title = "Countries by furthest step reported, at the end of each month as known then"
    figure, panels = _figure(4.9, title, source, nrows=2, ncols=4, sharex=True, sharey=True)
    months = range(len(rows))
    for axes, step in zip(panels.flat, standings.POSITIONS, strict=True):
        # Hatching twice as dense as on wide bars: narrow ones would fall between its lines.
        colour, hatch, _ = STEP_STYLE[step]
        style = {
            "color": colour,
            "hatch": hatch * 2,
            "edgecolor": INK,
            "hatchcolor": _hatch_colour(step),
            "linewidth": 0.4,
        }
        axes.bar(months, rows[step], width=0.86, **style)
        axes.set_title(_panel_label(step), fontsize=9, pad=6)
        axes.grid(axis="y")
        axes.tick_params(labelsize=8, length=0)
        if len(rows):
            last = int(rows[step].iloc[-1])
            axes.annotate(f"{last}", (len(rows) - 1, last), (0, 2), textcoords="offset points", ha="center", fontsize=9)
    axes.set_ylim(0, max(map(max, rows[list(standings.POSITIONS)].to_numpy()), default=0) * 1.15 + 1)
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=4)
    axes.set_xlim(-0.8, max(len(rows), 1) - 0.2)
    _month_axis(axes, rows["day"])
    for axes in panels[:, 0]:
        axes.set_ylabel("countries", fontsize=9)
    parts = [
        f"{_step_label(step)} {rows[step].iloc[0]}, then {rows[step].iloc[-1]}"
        for step in standings.POSITIONS
        if len(rows)
    ]
    first, last = (dates.show_day(rows["day"].iloc[n]) if len(rows) else "" for n in (0, -1))
    alt = (
        f"Eight small bar charts by month, from {first} to {last}: {'; '.join(parts)}."
        if parts
        else "No month to show."
    )
    return _chart("standing_by_month", title, alt, figure)


def _panel_label(step):
    """A label that fits over a small panel, on two lines where it is long."""
    return "\n".join(textwrap.wrap(_step_label(step), 26))


def _month_axis(axes, days):
    """The first and the last month by name and year, and between them each January, and July where there is room."""
    end = len(days) - 1
    regular = (1, 7) if end < 30 else (1,)
    between = [n for n, day in enumerate(days) if 5 <= n <= end - 5 and day.month in regular]
    named = sorted({0, *between, end}) if len(days) else []
    labels = [f"{calendar.month_abbr[days.iloc[n].month]}\n{days.iloc[n].year}" for n in named]
    axes.set_xticks(named, labels)


# --- map --------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _shapes():
    """(alpha-3 or None, rings of projected points) per shape of the vendored Natural Earth TopoJSON file."""
    topology = json.loads((paths.REFERENCE / "world_110m.json").read_text(encoding="utf-8"))
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * kx + dx, y * ky + dy))
        arcs.append(points)
    by_number = {row["numeric"]: code for code, row in places.table().items() if row["numeric"]}
    by_name = {"Kosovo": "XKX"}  # the file has no number for Kosovo, Northern Cyprus and Somaliland
    shapes = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        code = by_number.get(geometry.get("id")) or by_name.get(geometry["properties"]["name"])
        shapes.append((code, [_ring(ring, arcs) for polygon in polygons for ring in polygon[:1]]))
    return shapes


def _ring(ring, arcs):
    points = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    # Russia and Fiji lie across the antimeridian: kept in one piece beyond it, not drawn across the whole map.
    across = max(x for x, _ in points) - min(x for x, _ in points) > 180
    return [equal_earth(x + 360 if across and x < 0 else x, y) for x, y in points]


def equal_earth(longitude, latitude):
    """Equal Earth projection of degrees (Šavrič, Patterson and Jenny 2018): x and y in radii of the sphere."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    root = math.sqrt(3) / 2
    t = math.asin(root * math.sin(math.radians(latitude)))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    return math.radians(longitude) * math.cos(t) / (root * slope), t * (a1 + a2 * t**2 + t**6 * (a3 + a4 * t**2))


def _draw_map(axes, position, size):
    """Countries, one compound path per colour, and a marker on each that has a position. The axes' limits are set before."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    paths_of = {}
    for code, rings in _shapes():
        colour = STEP_STYLE[position[code]][0] if code in position else "#ececec"
        for ring in rings if code != "ATA" else []:
            xs, ys = zip(*ring, strict=True)
            if min(xs) < right and max(xs) > left and min(ys) < top and max(ys) > bottom:
                paths_of.setdefault(colour, []).append(Path(ring))
    for colour, outlines in paths_of.items():
        shape = Path.make_compound_path(*outlines)
        axes.add_patch(PathPatch(shape, facecolor=colour, edgecolor="#8c8c8c", linewidth=0.35))
    for step, (colour, _, marker) in STEP_STYLE.items():
        points = [equal_earth(*places.coordinates(code)) for code, at in sorted(position.items()) if at == step]
        if points:
            larger = size * 1.7 if marker == "*" else size
            edge = "white" if _hatch_colour(step) == "white" else INK
            style = {"marker": marker, "facecolor": colour, "edgecolor": edge, "linewidth": 0.9, "zorder": 3}
            axes.scatter(*zip(*points, strict=True), s=larger, clip_on=True, label=step, **style)


@_styled
def world_map(standing, source):
    """World map: countries with a position filled by step, each with the marker of its step, small states visible by it."""
    title = "Furthest step reported, by country"
    figure, axes = _figure(5.0, title, source)
    # The map's shape is fixed, so its place is given, not computed: the whole width, under the title.
    figure.set_layout_engine("none")
    axes.set_position([0.005, 0.19, 0.99, 0.75])
    figure._supxlabel.set_position((0.008, 0.012))
    position = dict(zip(standing["receiver"], standing["position"], strict=True))
    present = [step for step in standings.POSITIONS if step in set(position.values())]
    axes.set(xlim=(-2.72, 2.85), ylim=(-1.1, 1.32), aspect="equal")
    axes.set_axis_off()
    _draw_map(axes, position, 46)
    inset = axes.inset_axes([0.0, 0.0, 0.26, 0.42])
    (left, bottom), (right, top) = equal_earth(-95, 5), equal_earth(-58, 27)
    inset.set(xlim=(left, right), ylim=(bottom, top), xticks=[], yticks=[], aspect="equal", facecolor="white")
    _draw_map(inset, position, 60)
    inset.spines[:].set(visible=True, color="#8c8c8c")
    inset.set_title("Central America and the Caribbean", fontsize=7.5, fontweight="normal", pad=3)
    handles = []
    for step in present:
        colour, _, marker = STEP_STYLE[step]
        label = f"{_step_label(step)} ({sum(at == step for at in position.values())})"
        style = {"markersize": 9, "markerfacecolor": colour, "markeredgecolor": INK, "label": label}
        handles.append(Line2D([], [], linestyle="", marker=marker, **style))
    _legend(axes, handles, below=2, ncols=4)
    parts = [
        f"{_step_label(s)}: {', '.join(standing.loc[standing['position'] == s, 'name'])}" for s in reversed(present)
    ]
    return _chart("world_map", title, f"World map. {'. '.join(parts)}.", figure)


# --- money ------------------------------------------------------------------------------------------------------------


@_styled
def payment_ranges(rows, source, name="payments", title="Payments reported, in US dollars, by stage (log scale)"):
    """One line per payment and stage: its range on a log scale, the stage as marker; ends that are open as arrows."""
    rows = rows[rows["currency"] == "USD"]
    figure, axes = _figure(2.0 + 0.42 * max(len(rows), 1), title, source)
    labels, stages = [], []
    for y, row in enumerate(rows.iloc[::-1].to_dict("records")):
        low, high = row["amount_min"], row["amount_max"]
        marker = STAGE_MARKER[row["stage"]]
        point = high if amounts.present(high) else low
        axes.plot(point, y, marker=marker, markersize=9, color="#225ea8", markeredgecolor=INK, linestyle="")
        if amounts.present(low) and amounts.present(high) and low != high:
            axes.plot([low, high], [y, y], color="#225ea8", linewidth=3, solid_capstyle="butt")
        elif not amounts.present(low) or not amounts.present(high):
            shift = 0.4 if not amounts.present(low) else 2.5
            arrow = {"arrowstyle": "->", "color": "#225ea8", "linewidth": 2, "zorder": 1}
            axes.annotate("", (point * shift, y), (point, y), arrowprops=arrow)
        axes.annotate(
            payments.show_amount(row), (point, y), (0, 9), textcoords="offset points", ha="center", fontsize=8.5
        )
        labels.append(f"{_receiver(row)}, {codebook.label('payments', 'stage', row['stage'])}")
        stages.append(row["stage"])
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(-0.7, len(labels) - 0.2)
    axes.set_xscale("log")
    values = [v for v in [*rows["amount_min"], *rows["amount_max"]] if amounts.present(v) and v > 0]
    axes.set_xlim(min(values, default=1000) / 8, max(values, default=1_000_000) * 8)
    axes.xaxis.set_major_formatter(lambda value, _: _short(value))
    axes.xaxis.set_minor_formatter("")
    axes.set_xlabel("US dollars, log scale")
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    handles = [
        Line2D(
            [],
            [],
            linestyle="",
            marker=STAGE_MARKER[s],
            color="#225ea8",
            markeredgecolor=INK,
            markersize=8,
            label=codebook.label("payments", "stage", s),
        )
        for s in STAGE_MARKER
        if s in stages
    ]
    _legend(axes, handles, ncols=6)
    parts = [f"{_receiver(r)}: {payments.show_amount(r)}, {r['stage']}" for r in rows.to_dict("records")]
    return _chart(
        name, title, f"Chart of {len(rows)} payments on a log scale. {'; '.join(parts) or 'None reported'}.", figure
    )


def _receiver(row):
    """The country the money is for; for money without one, who is paid."""
    return (
        places.name(row["receiver"]) if row["receiver"] else {"": "several countries"}.get(row["payee"], row["payee"])
    )


def _short(value):
    for size, letter in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


# --- time -------------------------------------------------------------------------------------------------------------


def _day_axis(axes, first, last):
    axes.set_xlim(first, last)
    locator = matplotlib.dates.AutoDateLocator(minticks=4, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(matplotlib.dates.ConciseDateFormatter(locator))
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)


def _bounds(values, as_of):
    known = [value for value in values if not pd.isna(value)]
    first = min([*known, pd.Timestamp("2025-01-20")])
    return first - pd.Timedelta(days=12), max([*known, pd.Timestamp(as_of)]) + pd.Timedelta(days=12)


EVENTS = (
    ("approach", "approached", "#7fcdbb", "///", 0.24),
    ("agreement", "agreement", "#1d91c0", "", 0.0),
    ("arrival", "arrival", "#0c2c84", "xxx", -0.24),
)


@_styled
def timing(rows, as_of, source):
    """One row per country: spans of approach, agreement and arrival as bars, the day it became public as a tick."""
    title = "When each country was approached, agreed and received people, as reported"
    figure, axes = _figure(2.0 + (0.36 if len(rows) < 30 else 0.27) * max(len(rows), 1), title, source)
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
                hatchcolor=_hatch_colour(event),
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
        Patch(facecolor=colour, hatch=hatch, hatchcolor=_hatch_colour(event), edgecolor="#333333", label=label)
        for event, label, colour, hatch, _ in EVENTS
    ]
    handles.append(
        Line2D([], [], linestyle="", marker="<", color="#d9efe9", markeredgecolor="#333333", label="start not reported")
    )
    handles.append(
        Line2D(
            [],
            [],
            linestyle="",
            marker="|",
            color="#b30000",
            markersize=13,
            markeredgewidth=2.2,
            label="first public report",
        )
    )
    _legend(axes, handles, ncols=5, handlelength=1.6, columnspacing=1.2)
    parts = [f"{r['name']} public {dates.show_day(r['public_latest'])}" for r in rows.to_dict("records")]
    return _chart("timing", title, f"Chart of time spans for {len(rows)} countries. {'; '.join(parts)}.", figure)


@_styled
def cumulative(rows, as_of, source):
    """Steps: how many countries had been approached by each day, at least and at most, the band between them filled."""
    title = "Countries approached or further along, cumulative, as reported"
    figure, axes = _figure(3.6, title, source)
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
    # The axis begins before the year does, so that its number stands there.
    _day_axis(axes, days[0].normalize().replace(month=1, day=1) - pd.Timedelta(days=3), days[-1] + pd.Timedelta(days=3))
    axes.grid(axis="y")
    axes.legend(loc="lower right", facecolor="white", frameon=True, edgecolor="none", framealpha=0.9)
    until = dates.show_day(days[-1])
    alt = f"Step chart: at least {low[-1]} and at most {high[-1]} countries approached or further along by {until}."
    return _chart("contact_cumulative", title, alt, figure)


# --- people -----------------------------------------------------------------------------------------------------------

# Marker and fill of what is counted; hollow where nobody has moved.
POPULATION_STYLE = {
    "people": ("D", "#0c2c84", "in single movements, added up"),
    "mixed": ("s", "#1d91c0", "largest movement with own nationals"),
    "cumulative": ("^", "#7fcdbb", "largest running total"),
    "cap": ("o", "white", "ceiling"),
    "planned": ("v", "white", "planned"),
}


@_styled
def people(rows, source):
    """One line per destination on a log scale: people in single movements, and beside them what is never added."""
    title = "People moved, and ceilings and plans beside them, by destination (log scale)"
    numbers = [f"{kind}_{bound}" for kind in POPULATION_STYLE for bound in ("low", "high")]
    rows = rows[rows[numbers].notna().any(axis=1)]
    figure, axes = _figure(2.2 + 0.32 * max(len(rows), 1), title, source)
    values = [1]
    for y, row in enumerate(rows.iloc[::-1].to_dict("records")):
        axes.axhline(y, color="#eeeeee", linewidth=0.8, zorder=0)
        for kind, (marker, colour, _) in POPULATION_STYLE.items():
            low, high = row[f"{kind}_low"], row[f"{kind}_high"]
            if not amounts.present(low) and not amounts.present(high):
                continue
            point = high if amounts.present(high) else low
            values.append(point)
            axes.plot(point, y, marker=marker, markersize=8, markerfacecolor=colour, markeredgecolor=INK, linestyle="")
            if kind == "people":
                text = amounts.show_range(low, high)
                place = {"textcoords": "offset points", "ha": "center", "fontsize": 8.5, "zorder": 4}
                axes.annotate(text, (point, y), (0, 6), **place)
    axes.set_yticks(range(len(rows)), rows["name"].tolist()[::-1])
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_xscale("log")
    axes.set_xlim(0.7, max(max(values) * 3, 100))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.xaxis.set_minor_formatter("")
    axes.set_xlabel("people, log scale")
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    handles = [
        Line2D(
            [], [], linestyle="", marker=marker, markerfacecolor=colour, markeredgecolor=INK, markersize=8, label=label
        )
        for kind, (marker, colour, label) in POPULATION_STYLE.items()
        if rows[[f"{kind}_low", f"{kind}_high"]].notna().any(axis=None)
    ]
    _legend(axes, handles, ncols=3)
    parts = [
        f"{r['name']} {amounts.show_range(r['people_low'], r['people_high'])}"
        for r in rows.to_dict("records")
        if r["movements"]
    ]
    alt = f"Chart of {len(rows)} destinations on a log scale. In single movements: {', '.join(parts) or 'none'}."
    return _chart("people", title, alt, figure)


# --- evidence ---------------------------------------------------------------------------------------------------------


@_styled
def origins(standing, source):
    """Per country: outlets that carry its furthest step (hollow) and independent origins behind them (filled)."""
    title = "Independent origins and sources behind each country's furthest step"
    rows = standing[standing["position"] != "beside"]
    figure, axes = _figure(2.0 + (0.3 if len(rows) < 30 else 0.24) * max(len(rows), 1), title, source)
    for y, row in enumerate(rows.iloc[::-1].to_dict("records")):
        axes.plot([row["origins"], row["sources"]], [y, y], color="#8c8c8c", linewidth=1.5, zorder=1)
        axes.plot(
            row["sources"],
            y,
            marker="o",
            markersize=10,
            markerfacecolor="white",
            markeredgecolor="#225ea8",
            markeredgewidth=1.6,
        )
        axes.plot(row["origins"], y, marker="D", markersize=5.5, color="#0c2c84")
    axes.set_yticks(
        range(len(rows)), [f"{r['name']}: {_step_label(r['position'])}" for r in rows.iloc[::-1].to_dict("records")]
    )
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_xlim(0.5, max(rows["sources"], default=1) + 0.5)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("count")
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    handles = [
        Line2D([], [], linestyle="", marker="D", color="#0c2c84", label="independent origins"),
        Line2D(
            [],
            [],
            linestyle="",
            marker="o",
            markerfacecolor="white",
            markeredgecolor="#225ea8",
            markersize=9,
            label="sources that carry it",
        ),
    ]
    _legend(axes, handles, ncols=2)
    single = int((rows["origins"] == 1).sum())
    alt = f"Chart of origins and sources for {len(rows)} countries; {single} rest on a single origin."
    return _chart("origins", title, alt, figure)


@_styled
def country_steps(steps, name, as_of, source):
    """One country: each claim's span at its step, with the day it became public; denials as crosses."""
    title = f"{name}: what was reported, by step and date"
    kinds = [s for s in (*codebook.LADDER, *codebook.BESIDE) if s in set(steps["step"])]
    figure, axes = _figure(2.0 + 0.5 * max(len(kinds), 1), title, source)
    steps = steps[["step", "claim_id", "stance", "date_earliest", "date_latest", "known_on"]]
    first, last = _bounds([*steps["date_earliest"], *steps["date_latest"], *steps["known_on"]], as_of)
    for y, kind in enumerate(kinds):
        here = steps[steps["step"] == kind].sort_values(["known_on", "claim_id"])
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
                row["known_on"],
                level,
                marker="x" if row["stance"] == "denies" else "o",
                color="#b30000" if row["stance"] == "denies" else "#0c2c84",
                markersize=6,
                markeredgewidth=1.8,
            )
    axes.set_yticks(range(len(kinds)), [codebook.label("steps", "step", kind) for kind in kinds])
    axes.set_ylim(-0.6, len(kinds) - 0.4)
    _day_axis(axes, first, last)
    handles = [
        Line2D([], [], color="#225ea8", linewidth=3, label="days it can have happened on"),
        Line2D([], [], color="#41b6c4", linewidth=3, linestyle=(0, (2, 1)), label="start not reported"),
        Line2D([], [], linestyle="", marker="o", color="#0c2c84", label="public by"),
        Line2D([], [], linestyle="", marker="x", color="#b30000", markeredgewidth=1.8, label="denial, public by"),
    ]
    _legend(axes, handles, ncols=4)
    alt = f"Chart of {len(steps)} claims about {name} by step and date."
    return _chart("country_steps", title, alt, figure)
