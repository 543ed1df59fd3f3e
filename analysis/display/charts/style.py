"""What all figures have in common: the house style, the :class:`Chart`, its layout, legend and source line."""

import io
import re
from dataclasses import dataclass
from functools import wraps
from html import escape
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation, blended_transform_factory

from analysis.values import dates

# The style on top of matplotlib's own defaults: a reader's matplotlibrc changes nothing.
STYLE = {
    key: value
    for key, value in matplotlib.rc_params_from_file(Path(__file__).with_name("ledger.mplstyle")).items()
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
    "off_ladder": ("#d9d9d9", "+", "v"),
}
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


def canvas(height, title, source, **panels):
    """(figure, axes), ``height`` inches high, with title and source line; ``panels`` is what ``subplots`` takes."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.subplots(**panels)
    figure.supxlabel(source, x=0.008, ha="left", fontsize=7.5, color=MUTED)
    figure.suptitle(title, x=0.008, ha="left", fontsize=12, fontweight="bold")
    return figure, axes


def legend(axes, handles=None, below=42, **options):
    """Legend under the axes, ``below`` points from them, where the layout makes room for it above the source line."""
    across = blended_transform_factory(axes.figure.transFigure, axes.transAxes)
    place = across + ScaledTranslation(0, -below / 72, axes.figure.dpi_scale_trans)
    options["handles"] = axes.get_legend_handles_labels()[0] if handles is None else handles
    if not options["handles"]:
        return
    axes.legend(loc="upper left", bbox_to_anchor=(0.005, 0), bbox_transform=place, borderaxespad=0, **options)


def mark(marker, label, **style):
    """An entry of a legend: a marker without a line."""
    return Line2D([], [], linestyle="", marker=marker, label=label, **style)


def log_axis(axes, low, high, label, show):
    """A logarithmic x axis from ``low`` to ``high``, its numbers worded by ``show(value)``, over one line per row."""
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.xaxis.set_major_formatter(lambda value, _: show(value))
    axes.xaxis.set_minor_formatter("")
    axes.set_xlabel(f"{label}, log scale")
    one_per_row(axes)


def one_per_row(axes):
    """What is drawn stands in named rows: grid lines for x alone, no ticks at the names."""
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)


def finished(name, title, alt, figure):
    """The chart with its layout settled: it would drift by fractions of a point if it were computed at every drawing."""
    if layout := figure.get_layout_engine():
        layout.execute(figure)
    figure.set_layout_engine("none")
    return Chart(name, title, alt, figure)


def styled(draw):
    """Decorator: ``draw`` in the house style, whatever the reader's matplotlib is set to."""

    @wraps(draw)
    def drawn(*args, **kwargs):
        with matplotlib.rc_context(STYLE):
            return draw(*args, **kwargs)

    return drawn


def hatch_colour(step):
    """White on dark fills, grey on light ones."""
    return "white" if step in ("agreed", "signed", "received", "arrival") else "#555555"
