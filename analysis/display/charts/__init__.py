"""Figures: one house style, alt text, a source line. Every function takes a view's frame and returns a :class:`Chart`.

Nothing here computes what is shown (the views do) or writes a file. Meaning is never carried by colour alone: steps
differ in hatching or marker, firm and open ends in shape. One module per subject, on top of ``style``.
"""

from analysis.display.charts.acts import acts_timeline
from analysis.display.charts.choices import choices
from analysis.display.charts.days import country_steps, cumulative, timing
from analysis.display.charts.money import payment_ranges
from analysis.display.charts.movements import people
from analysis.display.charts.steps import by_region, positions_by_month
from analysis.display.charts.style import STEP_STYLE, Chart, source_line
from analysis.display.charts.support import origins
from analysis.display.charts.world import world_map

__all__ = [
    "STEP_STYLE",
    "Chart",
    "acts_timeline",
    "by_region",
    "choices",
    "country_steps",
    "cumulative",
    "origins",
    "payment_ranges",
    "people",
    "positions_by_month",
    "source_line",
    "timing",
    "world_map",
]
