"""Figures in two forms, wide and narrow: one style, a title that states the finding, alt text, a source line.

Every function takes a view's frame and returns a :class:`Chart`. Marks are links to what they stand for, with a title on
hover. Meaning is never carried by colour alone: steps, stages and kinds of actors differ in hatch or marker, too, and what
rests on one origin or on digests alone is hollow or hatched. One module per subject, on top of ``style``.

What belongs elsewhere: what is shown (``views``), tables and sentences (``tables``, ``text``), writing files (``report``).

Typical use::

    charts.world_map(positions.by_country(ledger, Parameters()), charts.source_line(ledger))
"""

from analysis.display.charts.acts import acts_timeline
from analysis.display.charts.choices import choices
from analysis.display.charts.days import country_steps, cumulative, timing
from analysis.display.charts.money import payment_ranges
from analysis.display.charts.movements import people
from analysis.display.charts.steps import by_region, positions_by_month
from analysis.display.charts.style import STEP_STYLE, Chart, keep_in, source_line
from analysis.display.charts.support import origins
from analysis.display.charts.svg import NARROW_TYPE, to_png
from analysis.display.charts.world import world_map

__all__ = [
    "NARROW_TYPE",
    "STEP_STYLE",
    "Chart",
    "acts_timeline",
    "by_region",
    "choices",
    "country_steps",
    "cumulative",
    "keep_in",
    "origins",
    "payment_ranges",
    "people",
    "positions_by_month",
    "source_line",
    "timing",
    "to_png",
    "world_map",
]
