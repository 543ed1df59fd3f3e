"""The world map of countries by step."""

import json
import math
from functools import lru_cache

from matplotlib.patches import PathPatch
from matplotlib.path import Path

from analysis.display.charts.style import INK, STEP_STYLE, canvas, finished, hatch_colour, legend, mark, styled
from analysis.values import countries, paths
from analysis.views import positions


@styled
def world_map(standing, source):
    """World map: countries with a position filled by step, each with the marker of its step, small states visible by it."""
    title = "Furthest step reported, by country"
    figure, axes = canvas(5.0, title, source)
    # The map's shape is fixed, so its place is given, not computed: the whole width, under the title.
    figure.set_layout_engine("none")
    axes.set_position([0.005, 0.19, 0.99, 0.75])
    figure._supxlabel.set_position((0.008, 0.012))
    position = dict(zip(standing["receiver"], standing["furthest_step"], strict=True))
    present = [step for step in positions.POSITIONS if step in set(position.values())]
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
        label = f"{positions.label(step)} ({sum(at == step for at in position.values())})"
        handles.append(mark(marker, label, markersize=9, markerfacecolor=colour, markeredgecolor=INK))
    legend(axes, handles, below=2, ncols=4)
    parts = [
        f"{positions.label(s)}: {', '.join(standing.loc[standing['furthest_step'] == s, 'name'])}"
        for s in reversed(present)
    ]
    return finished("world_map", title, f"World map. {'. '.join(parts)}.", figure)


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
        points = [equal_earth(*countries.coordinates(code)) for code, at in sorted(position.items()) if at == step]
        if points:
            larger = size * 1.7 if marker == "*" else size
            edge = "white" if hatch_colour(step) == "white" else INK
            style = {"marker": marker, "facecolor": colour, "edgecolor": edge, "linewidth": 0.9, "zorder": 3}
            axes.scatter(*zip(*points, strict=True), s=larger, clip_on=True, label=step, **style)


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
    by_number = {row["numeric"]: code for code, row in countries.table().items() if row["numeric"]}
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
