"""Figures by their artists: bars, labels, markers, titles, alt text; and the bytes they are drawn to."""

import re

import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from analysis.display import charts
from analysis.display.charts import days, world
from analysis.values import countries
from analysis.views import payments, positions, timing, transfers
from analysis.views.parameters import Parameters

ONE = Parameters()
SOURCE = "a source line"


@pytest.fixture
def standing(make_ledger):
    names = {"rwa": "agreed", "swz": "received", "plw": "asked", "xkx": "agreed", "ssd": "named", "nga": "declined"}
    steps = [{"arrangement_id": f"{code}-removal-2025", "step": step} for code, step in names.items()]
    return positions.by_country(make_ledger(steps=steps), ONE)


def texts(chart):
    return [text.get_text() for axes in chart.figure.axes for text in axes.texts]


def test_bars_show_the_counts_of_the_table(standing):
    regions = positions.by_region(standing)
    chart = charts.by_region(regions, "un_m49_region", SOURCE)
    axes = chart.figure.axes[0]
    bars = [bar for bar in axes.patches if isinstance(bar, Rectangle) and bar.get_width()]
    assert sum(bar.get_width() for bar in bars) == len(standing) == 6
    assert [label.get_text() for label in axes.get_yticklabels()] == regions["region"].tolist()
    assert sorted(texts(chart)) == ["1"] * 6
    assert chart.figure._suptitle.get_text() == "Countries by UN M49 region and furthest step reported"
    assert chart.figure._supxlabel.get_text() == SOURCE
    assert chart.alt == "Bar chart of 6 countries: Africa 4, Europe 1, Oceania 1; split by furthest step reported."


def test_steps_differ_in_hatch_and_marker_not_only_in_colour():
    hatches = [style[1] for style in charts.STEP_STYLE.values()]
    markers = [style[2] for style in charts.STEP_STYLE.values()]
    assert len(set(hatches)) == len(hatches)
    assert len(set(markers)) == len(markers)


@pytest.mark.parametrize("code", ["XKX", "SSD", "SWZ", "PLW"])
def test_the_map_shows_every_country_by_a_marker_small_states_too(standing, code):
    chart = charts.world_map(standing, SOURCE)
    drawn = {tuple(point) for points in chart.figure.axes[0].collections for point in points.get_offsets().tolist()}
    assert len(drawn) == len(standing)
    assert world.equal_earth(*countries.coordinates(code)) in drawn


def test_the_map_has_a_shape_for_kosovo_and_south_sudan():
    assert {"XKX", "SSD", "SWZ", "NAM"} <= {code for code, _ in world._shapes()}


def test_no_shape_runs_across_the_whole_map():
    for code, rings in world._shapes():
        for ring in rings if code != "ATA" else []:  # Antarctica does, and is not drawn
            xs = [x for x, _ in ring]
            assert max(xs) - min(xs) < 2  # of 5.4 in all; Russia is the widest


def test_the_legend_of_the_map_counts(standing):
    chart = charts.world_map(standing, SOURCE)
    labels = [text.get_text() for text in chart.figure.axes[0].get_legend().get_texts()]
    assert labels == [
        "named (1)",
        "asked (1)",
        "agreed (2)",
        "received (1)",
        "no step, but declined, no answer or stopped (1)",
    ]


def test_payments_stand_on_a_log_scale_with_their_ranges(make_ledger):
    book = make_ledger(
        payments=[
            {"stage": "paid", "amount_min": "4700000", "amount_max": "7500000"},
            {"payment_id": "b", "amount_min": "", "amount_max": "1000", "unit": "per_person"},
        ]
    )
    chart = charts.payment_ranges(payments.reported(book, ONE), SOURCE)
    axes = chart.figure.axes[0]
    assert axes.get_xscale() == "log"
    assert axes.get_xlabel() == "US dollars, log scale"
    assert "up to USD 1,000 per person" in texts(chart)
    assert "USD 4,700,000 to 7,500,000" in texts(chart)
    (span,) = [line for line in axes.lines if len(line.get_xdata()) == 2]
    assert list(span.get_xdata()) == [4700000, 7500000]


def test_spans_are_drawn_from_their_first_to_their_last_day(make_ledger):
    book = make_ledger(steps=[{"step": "asked", "date": "2025-01-20/2025-01-31"}])
    chart = charts.timing(timing.by_country(book, ONE), book.as_of, SOURCE)
    (bar,) = [patch for patch in chart.figure.axes[0].patches if patch.get_height()]
    assert bar.get_width() == 11
    assert chart.alt == "Chart of time spans for 1 countries. Rwanda public 1 May 2025."


def test_people_are_marked_by_what_is_counted(make_ledger):
    book = make_ledger(
        transfers=[{}, {"transfer_id": "cap", "population": "cap", "people_min": "", "people_max": "250"}]
    )
    chart = charts.people(transfers.by_destination(transfers.reported(book, ONE)), SOURCE)
    labels = [text.get_text() for text in chart.figure.axes[0].get_legend().get_texts()]
    assert labels == ["in single movements, added up", "ceiling"]
    assert [line.get_xdata()[0] for line in chart.figure.axes[0].lines if line.get_marker() in "Do"] == [10, 250]
    assert chart.alt == "Chart of 1 destinations on a log scale. In single movements: Rwanda 10."


def test_each_month_has_a_bar_in_the_panel_of_each_step(make_ledger):
    sources = [{"source_id": "early", "published": "2025-02-10"}, {"source_id": "late", "published": "2025-04-03"}]
    steps = [{"step": "asked", "source_id": "early"}, {"step": "agreed", "source_id": "late"}]
    chart = charts.standing_by_month(positions.by_month(make_ledger(sources=sources, steps=steps), ONE), SOURCE)
    panels = {axes.get_title(loc="left").replace("\n", " "): axes for axes in chart.figure.axes}
    assert list(panels)[:2] == ["named", "asked"]
    assert list(panels)[-1] == "no step, but declined, no answer or stopped"
    heights = {name: [bar.get_height() for bar in axes.patches] for name, axes in panels.items()}
    assert (heights["asked"], heights["agreed"], heights["signed"]) == ([1, 1, 0], [0, 0, 1], [0, 0, 0])
    hatches = {axes.patches[0].get_hatch() for axes in panels.values()}
    assert len(hatches) == len(panels) == 8
    assert [text.get_text() for axes in panels.values() for text in axes.texts] == [
        "0",
        "0",
        "0",
        "0",
        "1",
        "0",
        "0",
        "0",
    ]
    assert [label.get_text() for label in panels["agreed"].get_xticklabels()] == ["Feb\n2025", "Apr\n2025"]
    assert chart.alt.startswith(
        "Eight small bar charts by month, from 28 Feb 2025 to 3 Apr 2025: named 0, then 0; asked 1, then 0;"
    )


def empty_charts(book):
    standing = positions.by_country(book, ONE)
    yield charts.standing_by_month(positions.by_month(book, ONE, start="2030-01"), SOURCE)
    yield charts.by_region(positions.by_region(standing), "un_m49_region", SOURCE)
    yield charts.world_map(standing, SOURCE)
    yield charts.payment_ranges(payments.reported(book, ONE), SOURCE)
    yield charts.timing(timing.by_country(book, ONE), book.as_of, SOURCE)
    yield charts.cumulative(
        timing.cumulative(timing.by_country(book, ONE), "contact", "2025-01-20"), book.as_of, SOURCE
    )
    yield charts.people(transfers.by_destination(transfers.reported(book, ONE)), SOURCE)
    yield charts.origins(standing, SOURCE)
    yield charts.country_steps(book.steps[:0], "Nowhere", book.as_of, SOURCE)


def test_every_figure_can_be_drawn_of_nothing(make_ledger):
    book = make_ledger(steps=[{"arrangement_id": "any-removal-2025"}])
    for chart in empty_charts(book):
        assert chart.to_svg().startswith('<svg role="img" aria-label="')


def test_a_figure_is_the_same_bytes_each_time_and_names_no_clock_or_place(standing):
    for draw in (lambda: charts.world_map(standing, SOURCE), lambda: charts.origins(standing, SOURCE)):
        first = draw()
        svg = first.to_svg()
        assert svg == first.to_svg() == draw().to_svg()
        assert not re.search(r"<metadata|<dc:date|/home|/usr|/work", svg)


def test_alt_text_is_in_the_figure(standing):
    chart = charts.origins(standing, SOURCE)
    assert f'aria-label="{chart.alt}"' in chart.to_svg()
    assert chart.alt == "Chart of origins and sources for 5 countries; 5 rest on a single origin."


def test_the_source_line_counts_claims_and_sources(make_ledger):
    book = make_ledger(steps=[{"source_id": "a"}, {"source_id": "b"}])
    assert charts.source_line(book) == (
        "Third-Country Ledger, CC BY 4.0: 2 claims read in 2 sources, known by 1 May 2025. Reported, not established."
    )


@pytest.mark.parametrize(("point", "place"), [((0, 0), (0, 0)), ((180, 0), (2.7066, 0)), ((0, 90), (0, 1.3173))])
def test_equal_earth_has_its_published_corners(point, place):
    assert world.equal_earth(*point) == pytest.approx(place, abs=1e-3)


def test_a_day_far_before_is_on_the_axis():
    first, last = days._bounds([pd.Timestamp("2024-12-05"), pd.NaT], pd.Timestamp("2025-03-01"))
    assert first < pd.Timestamp("2024-12-05")
    assert last > pd.Timestamp("2025-03-01")
