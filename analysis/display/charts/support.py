"""What each position rests on."""

from analysis.display.charts.style import canvas, finished, legend, mark, one_per_row, styled
from analysis.views import positions


@styled
def origins(standing, source):
    """Per country: outlets that carry its furthest step (hollow) and independent origins behind them (filled)."""
    title = "Independent origins and sources behind each country's furthest step"
    rows = standing[standing["furthest_step"] != "off_ladder"]
    figure, axes = canvas(2.0 + (0.3 if len(rows) < 30 else 0.24) * max(len(rows), 1), title, source)
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
        range(len(rows)),
        [f"{r['name']}: {positions.label(r['furthest_step'])}" for r in rows.iloc[::-1].to_dict("records")],
    )
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_xlim(0.5, max(rows["sources"], default=1) + 0.5)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("count")
    one_per_row(axes)
    handles = [
        mark("D", "independent origins", color="#0c2c84"),
        mark("o", "sources that carry it", markerfacecolor="white", markeredgecolor="#225ea8", markersize=9),
    ]
    legend(axes, handles, ncols=2)
    single = int((rows["origins"] == 1).sum())
    alt = f"Chart of origins and sources for {len(rows)} countries; {single} rest on a single origin."
    return finished("origins", title, alt, figure)
