"""People moved, by destination."""

from analysis.display.charts.style import INK, canvas, finished, legend, log_axis, mark, styled
from analysis.values import ranges

# Marker and fill of what is counted; hollow where nobody has moved.
POPULATION_STYLE = {
    "movements": ("D", "#0c2c84", "in single movements, added up"),
    "mixed": ("s", "#1d91c0", "largest movement with own nationals"),
    "running_total": ("^", "#7fcdbb", "largest running total"),
    "cap": ("o", "white", "ceiling"),
    "planned": ("v", "white", "planned"),
}


@styled
def people(rows, source):
    """One line per destination on a log scale: people in single movements, and beside them what is never added."""
    title = "People moved, and ceilings and plans beside them, by destination (log scale)"
    numbers = [f"{kind}_{bound}" for kind in POPULATION_STYLE for bound in ("low", "high")]
    rows = rows[rows[numbers].notna().any(axis=1)]
    figure, axes = canvas(2.2 + 0.32 * max(len(rows), 1), title, source)
    values = [1]
    for y, row in enumerate(rows.iloc[::-1].to_dict("records")):
        axes.axhline(y, color="#eeeeee", linewidth=0.8, zorder=0)
        for kind, (marker, colour, _) in POPULATION_STYLE.items():
            low, high = row[f"{kind}_low"], row[f"{kind}_high"]
            if not ranges.present(low) and not ranges.present(high):
                continue
            point = high if ranges.present(high) else low
            values.append(point)
            axes.plot(point, y, marker=marker, markersize=8, markerfacecolor=colour, markeredgecolor=INK, linestyle="")
            if kind == "movements":
                text = ranges.show_range(low, high)
                place = {"textcoords": "offset points", "ha": "center", "fontsize": 8.5, "zorder": 4}
                axes.annotate(text, (point, y), (0, 6), **place)
    axes.set_yticks(range(len(rows)), rows["name"].tolist()[::-1])
    axes.set_ylim(-0.7, len(rows) - 0.3)
    log_axis(axes, 0.7, max(max(values) * 3, 100), "people", "{:,.0f}".format)
    handles = [
        mark(marker, label, markerfacecolor=colour, markeredgecolor=INK, markersize=8)
        for kind, (marker, colour, label) in POPULATION_STYLE.items()
        if rows[[f"{kind}_low", f"{kind}_high"]].notna().any(axis=None)
    ]
    legend(axes, handles, ncols=3)
    parts = [
        f"{r['name']} {ranges.show_range(r['movements_low'], r['movements_high'])}"
        for r in rows.to_dict("records")
        if r["movements"]
    ]
    alt = f"Chart of {len(rows)} destinations on a log scale. In single movements: {', '.join(parts) or 'none'}."
    return finished("people", title, alt, figure)
