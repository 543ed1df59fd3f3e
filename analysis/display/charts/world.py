"""The world map of countries by step.

What belongs elsewhere: where each country stands (``views.positions``), names and label positions (``values.countries``).

Typical use::

    world.world_map(positions.by_country(ledger, Parameters()), source)
"""

import json
import math
from functools import lru_cache
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from analysis.display import text
from analysis.display.charts.style import (
    INK,
    NO_REPORT,
    STEP_STYLE,
    WARM,
    WEAK_LABEL,
    Chart,
    Form,
    bar_entry,
    both,
    country_link,
    framed,
    in_words,
    is_weak,
    linked,
    marked_title,
    marker_entry,
    styled,
)
from analysis.values import countries, paths
from analysis.views import positions, provenance

Point = tuple[float, float]
STOPPED_MARK = "x"


class Panel(NamedTuple):
    """A part of the map: its place in the axes (x, y, width, height), its corners in degrees, and the size of its marks.

    ``regions`` are the UN M49 regions whose countries bear marks in it, all if there is none.
    """

    place: tuple[float, float, float, float]
    west_south: Point
    east_north: Point
    size: float
    heading: str
    regions: tuple[str, ...] = ()


# The wide form is the whole world and an inset; the narrow one is three parts, since a phone's width holds no world in which
# twenty African countries can be told apart.
WIDE_PANELS = (
    Panel((0, 0, 1, 1), (-127, -57), (183, 76), 6.4, ""),
    Panel((0.0, 0.0, 0.27, 0.45), (-95, 6), (-57, 27), 7.0, "Central America, Caribbean"),
)
NARROW_PANELS = (
    Panel((0, 0.465, 1, 0.535), (-24, -35), (56, 37), 7.6, "Africa", ("Africa",)),
    Panel((0, 0, 0.44, 0.43), (-119, -56), (-35, 66), 6.4, "Americas", ("Americas",)),
    Panel((0.46, 0.235, 0.54, 0.195), (-93, 7), (-57, 28.5), 6.8, "Caribbean", ("Americas",)),
    Panel((0.46, 0, 0.54, 0.2), (-9, -22), (184, 62), 6.4, "Europe, Asia, Oceania", ("Europe", "Asia", "Oceania")),
)


@styled
def world_map(standing: pd.DataFrame, source: str) -> Chart:
    """World map: countries with a position filled by step, each with the marker of its step, small states visible by it.

    A country whose position rests on one origin or on digests alone is hatched and its marker is hollow; a cross says that it
    was declined, halted or ended since. Each country is a link to its page.

    Args:
        standing: :func:`positions.by_country`.
        source: the source line.
    """
    standing = positions.with_evidence(standing)
    title = map_title(standing)
    rows = {row["receiver"]: row for row in standing.to_dict("records")}
    weak = sum(is_weak(row["support"]) for row in rows.values())
    stopped = sum(_stopped(row) for row in rows.values())
    present = [step for step in positions.POSITIONS if step in set(standing["furthest_step"])]

    def draw(form: Form) -> Figure:
        key = []
        for step in present:
            colour, _, marker = STEP_STYLE[step]
            label = f"{positions.label(step)} ({(standing['furthest_step'] == step).sum()})"
            key.append(marker_entry(marker, label, color=colour, markersize=9))
        if stopped:
            label = f"reached a step, then declined, halted or ended ({stopped})"
            key.append(marker_entry(STOPPED_MARK, label, color=WARM, markeredgecolor=WARM, markeredgewidth=1.8))
        if weak:
            key.append(bar_entry(f"{WEAK_LABEL} ({weak})", facecolor="white", hatch="////", hatchcolor="#666666"))
        key.append(bar_entry("nothing reported", facecolor=NO_REPORT))
        height = 6.6 if form.narrow else 4.15
        figure, axes = framed(
            form, title, source, height, left=0, right=0, bottom=0.02, key=key, heading=0.16 if form.narrow else 0
        )
        axes.set_axis_off()
        panels = NARROW_PANELS if form.narrow else WIDE_PANELS
        for panel in panels:
            inside = axes.inset_axes(panel.place)
            (left, bottom), (right, top) = equal_earth(*panel.west_south), equal_earth(*panel.east_north)
            wide, high = panel.place[2] * (form.width - 0.16), panel.place[3] * height
            _fill(inside, (left, right), (bottom, top), wide / high)
            inside.set(xticks=[], yticks=[], facecolor="white")
            inside.spines[:].set_visible(bool(panel.heading))
            inside.spines[:].set(color="#b5b5b5", linewidth=0.6)
            if panel.heading:
                inside.set_title(panel.heading, fontsize=form.small_size, fontweight="normal", pad=3)
            drawn = _draw_map(inside, rows, panel, wide)
            _write_names(inside, form, rows, drawn, panel, wide)
        return figure

    parts = [
        f"{positions.label(s)}: {', '.join(standing.loc[standing['furthest_step'] == s, 'name'])}"
        for s in reversed(present)
    ]
    return both("world_map", title, f"World map. {'. '.join(parts) or 'Nothing is reported'}.", draw)


def map_title(standing: pd.DataFrame) -> str:
    """The finding: how many countries are reported to have received people, and in which region most of them are."""
    received = standing[standing["furthest_step"] == "received"]
    if received.empty:
        count = text.plural(len(standing), "country", "countries")
        return f"Furthest step reported of {count}; none is reported to have received people"
    regions = received["region"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    verb = "is" if len(received) == 1 else "are"
    title = f"{text.plural(len(received), 'country', 'countries')} {verb} reported to have received people"
    return title + f", {regions.iloc[0]} of them in {in_words(regions.index[0])}" if len(received) > 1 else title


def _fill(axes: Axes, xs: Point, ys: Point, ratio: float) -> None:
    """Set limits that hold ``xs`` and ``ys`` and have the shape of the axes, so that nothing is stretched."""
    width, height = xs[1] - xs[0], ys[1] - ys[0]
    if width / height < ratio:
        more = (height * ratio - width) / 2
        xs = (xs[0] - more, xs[1] + more)
    else:
        more = (width / ratio - height) / 2
        ys = (ys[0] - more, ys[1] + more)
    axes.set(xlim=xs, ylim=ys)


def _words(row: dict) -> str:
    if row["furthest_step"] == positions.OFF_LADDER:
        beside = text.series(positions.label(code) for code in provenance.split(row["also_reported"]))
        return marked_title(f"{row['name']}: no step; {beside}", row["support"])
    words = f"{row['name']}: {positions.label(row['furthest_step'])}"
    since = [positions.label(code) for code in provenance.split(row["since"])]
    words += f", since then {text.series(since)}" if since else ""
    return marked_title(words, row["support"])


def _draw_map(axes: Axes, rows: dict[str, dict], panel: Panel, inches: float) -> dict[str, float]:
    """Countries and the markers of those with a position. Returns those with a mark and how large each is drawn, in inches²."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    scale = inches / (right - left)
    without: list[Path] = []
    areas: dict[str, float] = {}
    marked: dict[str, float] = {}
    for code, rings in _shapes(round(math.degrees(0.4 / 72 / scale), 3)):
        inside = [ring for ring in rings if code != "ATA" and _touches(ring, (left, right), (bottom, top))]
        if code not in rows:  # islands of less than a point of countries of which nothing is reported
            inside = [ring for ring in inside if _area(ring) * (scale * 72) ** 2 > 1.5]
        outlines = [Path(ring) for ring in inside if len(ring) > 3]
        if code not in rows:
            without += outlines
        if code not in rows or not outlines:
            continue
        areas[code] = max(_area(ring) for ring in inside) * scale**2
        row = rows[code]
        colour, _, _ = STEP_STYLE[row["furthest_step"]]
        look = {"facecolor": colour, "edgecolor": "#707070", "linewidth": 0.4}
        if is_weak(row["support"]):
            look |= {"hatch": "////", "hatchcolor": "#ffffffc0" if _dark(row["furthest_step"]) else "#55555590"}
        linked(axes.add_patch(PathPatch(Path.make_compound_path(*outlines), **look)), country_link(code), _words(row))
    if without:
        shape = Path.make_compound_path(*without)
        axes.add_patch(PathPatch(shape, facecolor=NO_REPORT, edgecolor="#b5b5b5", linewidth=0.3, zorder=0.5))
    for code, row in sorted(rows.items()):
        x, y = equal_earth(*countries.coordinates(code))
        if not (left <= x <= right and bottom <= y <= top) or not _marked_here(code, panel):
            continue
        marked[code] = areas.get(code, 0.0)
        colour, _, marker = STEP_STYLE[row["furthest_step"]]
        size = panel.size * (1.35 if marker == "*" else 1.0)
        hollow, dark = is_weak(row["support"]), _dark(row["furthest_step"])
        edge = INK if not dark else colour if hollow else "white"
        (mark,) = axes.plot(
            x, y, marker=marker, markersize=size, linestyle="", markerfacecolor="white" if hollow else colour,
            markeredgecolor=edge,
            markeredgewidth=1.1 if hollow else 0.8, zorder=3,
        )  # fmt: skip
        linked(mark, country_link(code), _words(row))
        if _stopped(row):
            beside = panel.size * 0.55 / 72 / scale  # below and to the right, so that the step's own mark is seen
            look = {"marker": STOPPED_MARK, "markersize": panel.size * 0.8, "linestyle": ""}
            axes.plot(x + beside, y - beside, color="white", markeredgewidth=3.4, zorder=4, **look)
            (cross,) = axes.plot(x + beside, y - beside, color=WARM, markeredgewidth=1.8, zorder=4, **look)
            linked(cross, country_link(code), _words(row))
    return marked


def _marked_here(code: str, panel: Panel) -> bool:
    """Whether a country's mark stands in this panel: of its regions, and in the inset alone if it lies in that."""
    if panel.regions:
        return countries.region(code, "un_m49_region") in panel.regions
    inset = WIDE_PANELS[1]
    (west, south), (east, north) = inset.west_south, inset.east_north
    longitude, latitude = countries.coordinates(code)
    return panel is inset or not (west < longitude < east and south < latitude < north)


def _stopped(row: dict) -> bool:
    """Whether a country that reached a step was reported since as declined, halted or ended."""
    return bool(row["stopped_since"]) and row["furthest_step"] != positions.OFF_LADDER


def _dark(step: str) -> bool:
    return step in ("agreed", "signed", "received")


def _write_names(
    axes: Axes, form: Form, rows: dict[str, dict], areas: dict[str, float], panel: Panel, inches: float
) -> None:
    """Names beside markers wherever one fits that covers no marker and no other name: receivers first, then the largest."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    unit = (right - left) / inches
    size = 7.5 if form.narrow else 7.0
    taken = []
    half = panel.size * 0.55 / 72 * unit
    places = {code: equal_earth(*countries.coordinates(code)) for code in areas}
    for x, y in places.values():
        taken.append((x - half, y - half, x + half, y + half))
    if not form.narrow and not panel.heading:  # the inset lies there
        place = WIDE_PANELS[1].place
        edge = (left + place[2] * (right - left), bottom + (place[3] + 0.06) * (top - bottom))
        taken.append((left, bottom, *edge))
    order = sorted(areas, key=lambda code: (rows[code]["furthest_step"] != "received", -areas[code], code))
    for code in order:
        label = form.name_of(code) if form.narrow else countries.name(code)
        wide, high = len(label) * size * 0.56 / 72 * unit, size * 1.05 / 72 * unit
        x, y = places[code]
        gap = half * 1.35
        spots = (
            (x + gap, y, "left"), (x - gap - wide, y, "left"),
            (x - wide / 2, y - gap - high / 2, "left"), (x - wide / 2, y + gap + high / 2, "left"),
        )  # fmt: skip
        for start, middle, side in spots:
            box = (start, middle - high / 2, start + wide, middle + high / 2)
            inside = left < box[0] and box[2] < right and bottom < box[1] and box[3] < top
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                written = axes.text(
                    start, middle, label, ha=side, va="center", fontsize=size, color=INK, zorder=5,
                    bbox={"boxstyle": "square,pad=0.02", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
                )  # fmt: skip
                written.set_url(country_link(code))
                break


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _touches(ring: list[Point], xs: Point, ys: Point) -> bool:
    across, up = zip(*ring, strict=True)
    return min(across) < xs[1] and max(across) > xs[0] and min(up) < ys[1] and max(up) > ys[0]


def _simplified(line: list[Point], tolerance: float) -> list[Point]:
    """The line without points that lie nearer than ``tolerance`` to what is drawn without them (Douglas and Peucker 1973)."""
    if len(line) < 3:
        return line
    begin, end = line[0], line[-1]
    length = math.dist(begin, end)

    def apart(point: Point) -> float:
        if not length:
            return math.dist(begin, point)
        cross = (end[0] - begin[0]) * (begin[1] - point[1]) - (begin[0] - point[0]) * (end[1] - begin[1])
        return abs(cross) / length

    distances = [apart(point) for point in line[1:-1]]
    furthest = max(range(len(distances)), key=distances.__getitem__)
    if distances[furthest] < tolerance:
        return [begin, end]
    middle = furthest + 1
    return _simplified(line[: middle + 1], tolerance)[:-1] + _simplified(line[middle:], tolerance)


def _area(ring: list[Point]) -> float:
    """The area within a ring, by the shoelace formula."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairs)) / 2


@lru_cache(maxsize=8)
def _shapes(tolerance: float = 0.0) -> list[tuple[str | None, list[list[Point]]]]:
    """(alpha-3 or None, rings of projected points) per shape of the vendored Natural Earth TopoJSON file.

    Arcs are simplified to ``tolerance`` degrees: neighbours share theirs, so that no gap opens between them.
    """
    topology = json.loads((paths.REFERENCE / "world_110m.json").read_text(encoding="utf-8"))
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * kx + dx, y * ky + dy))
        arcs.append(_simplified(points, tolerance))
    by_number = {row["numeric"]: code for code, row in countries.table().items() if row["numeric"]}
    by_name = {"Kosovo": "XKX"}  # the file has no number for Kosovo, Northern Cyprus and Somaliland
    shapes = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        code = by_number.get(geometry.get("id")) or by_name.get(geometry["properties"]["name"])
        shapes.append((code, [_ring(ring, arcs) for polygon in polygons for ring in polygon[:1]]))
    return shapes


def _ring(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    points: list[Point] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    # Russia and Fiji lie across the antimeridian: kept in one piece beyond it, not drawn across the whole map.
    across = max(x for x, _ in points) - min(x for x, _ in points) > 180
    return [equal_earth(x + 360 if across and x < 0 else x, y) for x, y in points]


def equal_earth(longitude: float, latitude: float) -> Point:
    """Equal Earth projection of degrees (Šavrič, Patterson and Jenny 2018): x and y in radii of the sphere."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    root = math.sqrt(3) / 2
    t = math.asin(root * math.sin(math.radians(latitude)))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    return math.radians(longitude) * math.cos(t) / (root * slope), t * (a1 + a2 * t**2 + t**6 * (a3 + a4 * t**2))
