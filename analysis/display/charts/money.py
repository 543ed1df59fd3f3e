"""Sums reported, by stage."""

from analysis.display.charts.style import INK, canvas, finished, legend, log_axis, mark, styled
from analysis.ledger import schema
from analysis.values import countries, ranges
from analysis.views import payments

STAGE_MARKER = {"requested": "v", "offered": "o", "approved": "^", "agreed": "s", "paid": "D", "spent": "*"}


@styled
def payment_ranges(rows, source, name="payments", title="Payments reported, in US dollars, by stage (log scale)"):
    """One line per payment and stage: its range on a log scale, the stage as marker; ends that are open as arrows."""
    rows = rows[rows["currency"] == "USD"]
    figure, axes = canvas(2.0 + 0.42 * max(len(rows), 1), title, source)
    labels, stages = [], []
    for y, row in enumerate(rows.iloc[::-1].to_dict("records")):
        low, high = row["amount_min"], row["amount_max"]
        marker = STAGE_MARKER[row["stage"]]
        point = high if ranges.present(high) else low
        axes.plot(point, y, marker=marker, markersize=9, color="#225ea8", markeredgecolor=INK, linestyle="")
        if ranges.present(low) and ranges.present(high) and low != high:
            axes.plot([low, high], [y, y], color="#225ea8", linewidth=3, solid_capstyle="butt")
        elif not ranges.present(low) or not ranges.present(high):
            shift = 0.4 if not ranges.present(low) else 2.5
            arrow = {"arrowstyle": "->", "color": "#225ea8", "linewidth": 2, "zorder": 1}
            axes.annotate("", (point * shift, y), (point, y), arrowprops=arrow)
        axes.annotate(
            payments.show_amount(row), (point, y), (0, 9), textcoords="offset points", ha="center", fontsize=8.5
        )
        labels.append(f"{_receiver(row)}, {schema.label('payments', 'stage', row['stage'])}")
        stages.append(row["stage"])
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(-0.7, len(labels) - 0.2)
    values = [v for v in [*rows["amount_min"], *rows["amount_max"]] if ranges.present(v) and v > 0]
    log_axis(axes, min(values, default=1000) / 8, max(values, default=1_000_000) * 8, "US dollars", _short)
    style = {"color": "#225ea8", "markeredgecolor": INK, "markersize": 8}
    shown = {stage: marker for stage, marker in STAGE_MARKER.items() if stage in stages}
    handles = [mark(marker, schema.label("payments", "stage", stage), **style) for stage, marker in shown.items()]
    legend(axes, handles, ncols=6)
    parts = [f"{_receiver(r)}: {payments.show_amount(r)}, {r['stage']}" for r in rows.to_dict("records")]
    return finished(
        name, title, f"Chart of {len(rows)} payments on a log scale. {'; '.join(parts) or 'None reported'}.", figure
    )


def _receiver(row):
    """The country the money is for; for money without one, who is paid."""
    others = {"": "several countries", "person": "the person leaving"}
    return countries.name(row["receiver"]) if row["receiver"] else others.get(row["payee"], row["payee"])


def _short(value):
    for size, letter in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"
