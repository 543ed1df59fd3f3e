"""Figures by their artists: bars, labels, heights, titles, alt text, links and titles of marks, both forms, nothing to show."""

import itertools
import xml.etree.ElementTree as ET

import nbformat
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.dates import num2date
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from analysis.display import charts
from analysis.display.charts import acts, money, movements, style, svg, world
from analysis.display.charts.choices import HEADINGS
from analysis.values import countries
from analysis.views import answers, payments, positions, sensitivity, tallies, timing, transfers
from analysis.views.parameters import Parameters

ONE = Parameters()
SOURCE = "a source line"
FORMS = ("wide", "narrow")


@pytest.fixture
def standing(make_ledger):
    names = {"rwa": "agreed", "swz": "received", "plw": "asked", "xkx": "agreed", "ssd": "named", "nga": "declined"}
    steps = [{"arrangement_id": f"{code}-removal-2025", "step": step} for code, step in names.items()]
    return positions.by_country(make_ledger(steps=steps), ONE)


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def title_of(figure):
    return figure._suptitle.get_text().replace("\n", " ")


def note_of(figure):
    return figure.texts[1].get_text().replace("\n", " ")


def key_of(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def marks_of(figure):
    """(address, title) of every mark that is a link or has a title."""
    marks = figure.findobj(lambda artist: str(artist.get_gid() or "").startswith(svg.TITLE))
    return [(mark.get_url(), mark.get_gid().removeprefix(svg.TITLE)) for mark in marks]


def bars_of(axes):
    return [bar for bar in axes.patches if isinstance(bar, Rectangle) and bar.get_width() and bar.get_height()]


def elements(chart, form):
    return ET.fromstring(chart.to_svg(form))


def tag(element):
    return element.tag.rpartition("}")[2]


# ---------------------------------------------------------------- by region


@pytest.mark.parametrize("form", FORMS)
def test_bars_show_the_counts_of_the_table(standing, form):
    regions = positions.by_region(standing)
    chart = charts.by_region(regions, "un_m49_region", SOURCE)
    figure = getattr(chart, form)
    axes = figure.axes[0]
    assert sum(bar.get_width() for bar in bars_of(axes)) == len(standing) == 6
    assert [text.get_text() for text in axes.texts][: len(regions)] == regions["region"].tolist()
    assert [text.get_text() for text in axes.texts if text.get_gid() == "count"] == ["1"] * 6
    assert title_of(figure) == "4 of 6 countries and territories named in reports are in Africa, 1 in Europe"
    assert figure.texts[-1].get_text() == SOURCE


def test_the_furthest_step_stands_first_in_a_bar(standing):
    chart = charts.by_region(positions.by_region(standing), "un_m49_region", SOURCE)
    first = min(bars_of(chart.wide.axes[0]), key=lambda bar: (bar.get_y(), bar.get_x()))
    assert first.get_gid() == "title: Africa, received: 1 country"
    assert key_of(chart.wide) == [
        "received",
        "agreed",
        "asked",
        "named",
        "no step; declined, stopped, unanswered or unclear",
    ]
    assert chart.alt == "Bar chart of 6 countries: Africa 4, Europe 1, Oceania 1; split by furthest step reported."


def test_a_bar_says_how_many_stopped_since(make_ledger):
    steps = [
        {"step": "agreed", "date": "2025-02-01"},
        {"step": "ended", "date": "2025-03-01"},
    ]
    regions = positions.by_region(positions.by_country(make_ledger(steps=steps), ONE))
    chart = charts.by_region(regions, "un_m49_region", SOURCE)
    assert "1, 1 stopped since" in texts(chart.wide)
    assert (
        note_of(chart.wide) == "By furthest step reported. 1 of them were reported since as declined, halted or ended."
    )


# ---------------------------------------------------------------- the map


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", ["XKX", "SSD", "SWZ", "PLW", "NGA"])
def test_the_map_marks_every_country_and_links_to_its_page(standing, form, code):
    figure = getattr(charts.world_map(standing, SOURCE), form)
    place = world.equal_earth(*countries.coordinates(code))
    drawn = {
        (float(line.get_xdata()[0]), float(line.get_ydata()[0])): line.get_url()
        for axes in figure.findobj(lambda artist: hasattr(artist, "lines"))
        for line in axes.lines
        if len(line.get_xdata()) == 1
    }
    assert drawn[place] == f"../reports/countries/{code}.html"


def test_a_mark_of_the_map_says_what_is_reported_and_on_what_it_rests(standing):
    marks = marks_of(charts.world_map(standing, SOURCE).wide)
    assert ("../reports/countries/RWA.html", "Rwanda: agreed (one origin)") in marks
    assert (
        "../reports/countries/NGA.html",
        "Nigeria: no step; declined (one origin)",
    ) in marks


def test_weak_support_is_hatched_and_hollow_on_the_map(make_ledger):
    steps = [
        {"arrangement_id": "zmb-removal-2025", "step": "asked", "source_id": "a"},
        {"arrangement_id": "mng-removal-2025", "step": "asked", "source_id": "a"},
        {"arrangement_id": "mng-removal-2025", "step": "asked", "source_id": "b"},
    ]
    chart = charts.world_map(positions.by_country(make_ledger(steps=steps), ONE), SOURCE)
    world_axes = chart.wide.axes[0].child_axes[0]
    hatches = {patch.get_url(): patch.get_hatch() for patch in world_axes.patches if patch.get_url()}
    assert hatches == {"../reports/countries/ZMB.html": "////", "../reports/countries/MNG.html": None}
    faces = {line.get_url(): line.get_markerfacecolor() for line in world_axes.lines}
    assert faces == {
        "../reports/countries/ZMB.html": "white",
        "../reports/countries/MNG.html": style.STEP_STYLE["asked"][0],
    }
    assert "one origin, digests alone, or doubtful (1)" in key_of(chart.wide)


def test_what_stopped_since_bears_a_cross_on_the_map(make_ledger):
    steps = [{"step": "agreed", "date": "2025-02-01"}, {"step": "ended", "date": "2025-03-01"}]
    chart = charts.world_map(positions.by_country(make_ledger(steps=steps), ONE), SOURCE)
    crosses = [line for line in chart.wide.axes[0].child_axes[0].lines if line.get_marker() == world.STOPPED_MARK]
    assert [line.get_color() for line in crosses] == ["white", style.WARM]
    assert "reached a step, then declined, halted or ended (1)" in key_of(chart.wide)


def test_the_title_and_the_key_of_the_map_count(standing):
    chart = charts.world_map(standing, SOURCE)
    assert chart.title == "1 country is reported to have received people"
    assert key_of(chart.wide) == [
        "named (1)",
        "asked (1)",
        "agreed (2)",
        "received (1)",
        "no step; declined, stopped, unanswered or unclear (1)",
        "one origin, digests alone, or doubtful (6)",
        "nothing reported",
    ]


def test_the_title_of_the_map_names_the_region_with_most_receivers(make_ledger):
    codes = ("rwa", "uga", "pan")
    steps = [{"arrangement_id": f"{code}-removal-2025", "step": "received"} for code in codes]
    rows = positions.by_country(make_ledger(steps=steps), ONE)
    assert world.map_title(rows) == "3 countries are reported to have received people, 2 of them in Africa"


def test_names_on_the_map_cover_neither_each_other_nor_a_mark(make_ledger):
    codes = ("rwa", "uga", "ssd", "cod", "bdi", "ken", "tza", "zmb", "ago", "gab", "gnq", "cmr", "caf")
    steps = [{"arrangement_id": f"{code}-removal-2025", "step": "received"} for code in codes]
    figure = charts.world_map(positions.by_country(make_ledger(steps=steps), ONE), SOURCE).wide
    figure.draw_without_rendering()
    axes = figure.axes[0].child_axes[0]
    boxes = [text.get_window_extent().padded(-1) for text in axes.texts]
    assert len(boxes) > 3
    assert not any(one.overlaps(other) for n, one in enumerate(boxes) for other in boxes[n + 1 :])


def test_the_map_has_a_shape_for_kosovo_and_south_sudan():
    assert {"XKX", "SSD", "SWZ", "NAM"} <= {code for code, _ in world._shapes()}


def test_no_shape_runs_across_the_whole_map():
    for code, rings in world._shapes():
        for ring in rings if code != "ATA" else []:  # Antarctica does, and is not drawn
            xs = [x for x, _ in ring]
            assert max(xs) - min(xs) < 2  # of 5.4 in all; Russia is the widest


def test_a_simplified_line_keeps_its_ends_and_stays_near():
    line = [(0.0, 0.0), (1.0, 0.01), (2.0, 1.0), (3.0, 0.0)]
    assert world._simplified(line, 0.1) == [(0.0, 0.0), (2.0, 1.0), (3.0, 0.0)] or world._simplified(line, 0.1)[0] == (
        0,
        0,
    )
    assert world._simplified(line, 5) == [line[0], line[-1]]
    assert world._simplified(line, 0) == line


@pytest.mark.parametrize(("point", "place"), [((0, 0), (0, 0)), ((180, 0), (2.7066, 0)), ((0, 90), (0, 1.3173))])
def test_equal_earth_has_its_published_corners(point, place):
    assert world.equal_earth(*point) == pytest.approx(place, abs=1e-3)


# ---------------------------------------------------------------- money


@pytest.fixture
def sums(make_ledger):
    book = make_ledger(
        payments=[
            {"payment_id": "fund", "stage": "agreed", "amount_min": "6000000", "amount_max": "6000000"},
            {"payment_id": "fund", "stage": "paid", "amount_min": "4710000", "amount_max": "5000000", "source_id": "b"},
            {"payment_id": "fund", "stage": "paid", "amount_min": "4710000", "amount_max": "5000000"},
            {"payment_id": "offer", "stage": "offered", "amount_min": "", "amount_max": "2000000"},
            {
                "payment_id": "rate",
                "stage": "agreed",
                "amount_min": "20000",
                "amount_max": "20000",
                "unit": "per_person",
            },
            {"payment_id": "costs", "stage": "agreed", "amount_min": "", "amount_max": "", "currency": ""},
        ]
    )
    return payments.reported(book, ONE)


@pytest.mark.parametrize("form", FORMS)
def test_sums_stand_on_one_line_per_payment_in_millions(sums, form):
    figure = getattr(charts.payment_ranges(sums, SOURCE), form)
    lump, per_person = figure.axes
    assert (lump.get_xscale(), lump.get_xlabel()) == ("linear", "million US dollars")
    assert per_person.get_xlabel() == "thousand US dollars per person"
    stages = [line for line in lump.lines if line.get_url()]
    assert [(line.get_marker(), float(line.get_xdata()[0])) for line in stages] == [("s", 6.0), ("D", 5.0), ("o", 2.0)]
    assert stages[0].get_ydata()[0] == stages[1].get_ydata()[0] == 0
    (span,) = [line for line in lump.lines if line.get_linewidth() == 3]
    assert list(span.get_xdata()) == [4.71, 5.0]
    words = [text.replace("\n", " ") for text in texts(figure)]
    assert "agreed 6m; paid 4.71m to 5m" in words
    assert "offered up to 2m" in words
    assert "agreed 20,000" in words


def test_a_sum_that_rests_on_one_origin_is_hollow(sums):
    lump = charts.payment_ranges(sums, SOURCE).wide.axes[0]
    faces = {line.get_marker(): line.get_markerfacecolor() for line in lump.lines if line.get_url()}
    assert faces["D"] == money.STAGE_STYLE["paid"][1]
    assert faces["s"] == faces["o"] == "white"


def test_a_mark_of_money_opens_its_claim_and_says_the_sum_and_the_stage(sums):
    marks = marks_of(charts.payment_ranges(sums, SOURCE).wide)
    assert ("../reports/claims.html#c00004", "Rwanda, offered: up to USD 2,000,000 (one origin)") in marks
    assert ("../reports/countries/RWA.html", "Rwanda") in marks


def test_the_title_of_money_leads_with_what_is_paid_and_the_note_names_what_has_no_sum(sums):
    chart = charts.payment_ranges(sums, SOURCE)
    assert chart.title == "4.71 million US dollars are reported paid to 1 country"
    assert (
        note_of(chart.wide)
        == "Stages are never added: a sum agreed and then paid is one sum. Sum not reported: Rwanda."
    )


def test_sums_of_one_amount_do_not_cover_each_other(make_ledger):
    rows = [{"payment_id": "fund", "stage": stage, "amount_min": "7500000", "amount_max": "7500000"} for stage in
            ("offered", "agreed", "paid")]  # fmt: skip
    chart = charts.payment_ranges(payments.reported(make_ledger(payments=rows), ONE), SOURCE)
    places = [float(line.get_ydata()[0]) for line in chart.wide.axes[0].lines if line.get_url()]
    assert len(set(places)) == 3
    assert "offered, agreed and paid 7.5m" in texts(chart.wide)


# ---------------------------------------------------------------- time


@pytest.fixture
def approached(make_ledger):
    return make_ledger(
        sources=[{"source_id": "late", "published": "2025-06-01"}],
        steps=[
            {"step": "asked", "date": "2025-01-20/2025-01-31"},
            {"step": "agreed", "source_id": "late"},
            {"arrangement_id": "pan-removal-2025", "step": "asked", "source_id": "late", "date": "../2025-06-01"},
        ],
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_country_has_a_dot_when_it_was_public_and_bars_only_where_dated(approached, form):
    chart = charts.timing(timing.by_country(approached, ONE), approached.as_of, SOURCE)
    axes = getattr(chart, form).axes[0]
    (bar,) = bars_of(axes)
    assert (bar.get_width(), num2date(bar.get_x()).date().isoformat()) == (11, "2025-01-20")
    dots = {line.get_gid(): line for line in axes.lines if line.get_marker() == "o"}
    assert list(dots) == [
        "title: Rwanda: public by 1 May 2025 (several origins)",
        "title: Panama: public by 1 Jun 2025 (one origin)",
    ]
    assert [line.get_markerfacecolor() for line in dots.values()] == [style.WARM, "white"]
    assert [text.get_text() for text in axes.texts] == ["Africa (1)", "Rwanda", "Americas (1)", "Panama"]
    assert chart.alt == "Chart of time spans for 2 countries. Rwanda public 1 May 2025; Panama public 1 Jun 2025."


def test_axes_of_days_end_at_the_newest_report(approached):
    rows = timing.by_country(approached, ONE)
    grown = timing.cumulative(rows, "contact", start="2025-01-20")
    for chart in (
        charts.timing(rows, approached.as_of, SOURCE),
        charts.cumulative(grown, approached.as_of, SOURCE),
        charts.country_steps(approached.steps, "Rwanda", approached.as_of, SOURCE),
        charts.acts_timeline(some_acts(), approached.as_of, SOURCE),
    ):
        for form in FORMS:
            end = getattr(chart, form).axes[0].get_xlim()[1]
            assert num2date(end).date() == approached.as_of.date(), chart.name


def test_the_curve_leads_with_what_was_public(approached):
    rows = timing.by_country(approached, ONE)
    grown, public = (timing.cumulative(rows, event, start="2025-01-20") for event in ("contact", "public"))
    chart = charts.cumulative(grown, approached.as_of, SOURCE, public=public)
    (curve,) = [line for line in chart.wide.axes[0].lines if len(line.get_xdata()) > 1]
    assert list(curve.get_ydata()) == [*public["countries_low"], 2]
    assert chart.title == "2 countries are publicly reported as approached or further along; half of them by 1 May 2025"
    assert chart.alt.endswith("; 2 publicly reported by then.")
    alone = charts.cumulative(grown, approached.as_of, SOURCE)
    assert alone.alt == "Step chart: at least 2 and at most 2 countries approached or further along by 1 Jun 2025."


def test_counts_that_others_published_are_marked_and_named_above_the_curve(make_ledger):
    book = make_ledger(steps=[{"step": "asked"}], tallies=[{"counted": "asked", "count_min": "58", "count_max": "58"}])
    rows = timing.by_country(book, ONE)
    grown = timing.cumulative(rows, "contact", start="2025-01-20")
    chart = charts.cumulative(grown, book.as_of, SOURCE, counts=tallies.reconcile(book, ONE))
    assert "A Paper: 58 asked, 1 May 2025" in texts(chart.wide)
    marks = marks_of(chart.wide)
    assert (
        "../reports/claims.html#c00002",
        "Published count, A Paper: 58 asked (countries asked), 1 May 2025",
    ) in marks
    assert "counts that others published" in key_of(chart.wide)


def test_a_countrys_claims_are_dots_on_the_line_of_their_step(make_ledger):
    book = make_ledger(
        steps=[
            {"step": "asked", "wording": "was asked"},
            {"step": "asked", "source_id": "other"},
            {"step": "agreed", "stance": "denies"},
            {"step": "agreed", "date": "2025-02"},
        ]
    )
    chart = charts.country_steps(book.steps, "Rwanda", book.as_of, SOURCE)
    axes = chart.wide.axes[0]
    assert [text.get_text() for text in axes.texts] == ["agreed", "asked"]
    places = {line.get_url(): (line.get_marker(), float(line.get_ydata()[0])) for line in axes.lines if line.get_url()}
    assert {address.removeprefix("../reports/claims.html#") for address in places} == {
        "c00001",
        "c00002",
        "c00003",
        "c00004",
    }
    assert places["../reports/claims.html#c00003"][0] == "x"
    assert (
        places["../reports/claims.html#c00001"][1] > places["../reports/claims.html#c00002"][1]
    )  # one above the other
    (bar,) = bars_of(axes)
    assert bar.get_width() == 27
    titles = dict(marks_of(chart.wide))
    assert titles["../reports/claims.html#c00001"] == "c00001, asked, public by 1 May 2025, A Paper: “was asked”"
    assert titles["../reports/claims.html#c00003"].startswith("c00003, agreed denied, public by 1 May 2025")
    assert chart.alt == "Chart of 4 claims about Rwanda by step and date; 1 denial."
    assert chart.title == "Rwanda: 4 claims about its steps, public by 1 May 2025"


# ---------------------------------------------------------------- people


@pytest.fixture
def destinations(make_ledger):
    def flight(code, number, population="third_country", **more):
        return {"arrangement_id": f"{code}-removal-2025", "transfer_id": f"{code}-{population}", "population": population,
                "people_min": str(number), "people_max": str(number)} | more  # fmt: skip

    rows = [flight("mex", 11886), flight("rwa", 30), flight("rwa", 180, "cap", people_min=""), flight("pan", 100),
            flight("pan", 100, source_id="b"), flight("cod", 9000, "planned"), flight("slv", 12, "mixed")]  # fmt: skip
    return transfers.by_destination(transfers.reported(make_ledger(transfers=rows), ONE))


@pytest.mark.parametrize("form", FORMS)
def test_bars_of_people_reach_to_what_can_at_least_be_said_and_the_largest_is_cut(destinations, form):
    chart = charts.people(destinations, SOURCE)
    figure = getattr(chart, form)
    axes = figure.axes[0]
    end = axes.get_xlim()[1]
    assert [bar.get_width() for bar in bars_of(axes)] == [end, 100, 30]
    assert 180 < end < 220
    breaks = [line for line in axes.lines if line.get_color() == "white"]
    assert len(breaks) == 2
    numbers = [text.get_text() for text in axes.texts if text.get_gid() == "number"]
    assert numbers == ["11,886", "100", "30", "–", "–"]
    assert "9,000 →" in texts(figure)
    assert chart.title == "At least 12,016 people are reported moved to 3 countries, 11,886 of them to Mexico"
    assert chart.alt == "Bar chart of 5 destinations. People moved, at least: Mexico 11,886, Panama 100, Rwanda 30."


def test_ceilings_are_ticks_plans_and_mixed_flights_open_shapes(destinations):
    chart = charts.people(destinations, SOURCE)
    axes = chart.wide.axes[0]
    beside = {line.get_marker(): line for line in axes.lines if line.get_url()}
    assert set(beside) == {"|", "v", "s"}
    assert beside["|"].get_xdata()[0] == 180
    assert beside["s"].get_markerfacecolor() == "white"
    assert beside["|"].get_gid() == "title: Rwanda, ceiling: up to 180"
    hatches = [bar.get_hatch() for bar in bars_of(axes)]
    assert hatches == ["////", None, "////"]  # Panama has two origins


@pytest.mark.parametrize(
    ("numbers", "end"),
    [([10, 9, 8], 10.8), ([1000, 10, 9], 10.8), ([90000, 1000, 10], 10.8), ([100, 60, 10], 108), ([3], 5.0), ([], 5.0)],
)
def test_an_axis_of_people_ends_before_what_is_far_beyond_all_others(numbers, end):
    assert movements._end(pd.DataFrame({"people_at_least": numbers}, dtype="float64"), ["people_at_least"]) == (
        pytest.approx(end)
    )


# ---------------------------------------------------------------- months, support, choices, acts


@pytest.mark.parametrize("form", FORMS)
def test_each_month_has_a_bar_in_the_panel_of_each_step(make_ledger, form):
    sources = [{"source_id": "early", "published": "2025-02-10"}, {"source_id": "late", "published": "2025-04-03"}]
    steps = [{"step": "asked", "source_id": "early"}, {"step": "agreed", "source_id": "late"}]
    months = positions.by_month(make_ledger(sources=sources, steps=steps), ONE, start="2025-02")
    chart = charts.positions_by_month(months, SOURCE)
    panels = {axes.get_title(loc="left").replace("\n", " "): axes for axes in getattr(chart, form).axes}
    assert list(panels)[:2] == ["named", "asked"]
    assert list(panels)[-1] == "no step; declined, stopped, unanswered or unclear"
    heights = {name: [bar.get_height() for bar in axes.patches] for name, axes in panels.items()}
    assert (heights["asked"], heights["agreed"], heights["signed"]) == ([1, 1, 0], [0, 0, 1], [0, 0, 0])
    assert len({axes.patches[0].get_hatch() for axes in panels.values()}) == len(panels) == 8
    assert [text.get_text() for axes in panels.values() for text in axes.texts] == list("00001000")
    assert [label.get_text() for label in panels["agreed"].get_xticklabels()] == ["Feb\n2025", "Apr\n2025"]
    assert panels["agreed"].patches[-1].get_gid() == "title: agreed, 3 Apr 2025: 1"
    assert chart.title == (
        "By 3 Apr 2025, 0 countries were reported to have received people; by 28 Feb 2025 it had been 0"
    )
    assert chart.alt.startswith(
        "Eight small bar charts by month, from 28 Feb 2025 to 3 Apr 2025: named 0, then 0; asked 1, then 0;"
    )


def test_support_is_sorted_and_hollow_where_weak(make_ledger):
    steps = [
        {"arrangement_id": "zmb-removal-2025", "source_id": "a"},
        {"arrangement_id": "pan-removal-2025", "source_id": "a"},
        {"arrangement_id": "pan-removal-2025", "source_id": "b"},
        {"arrangement_id": "pan-removal-2025", "source_id": "c", "origin_id": "b"},
        {"arrangement_id": "nga-removal-2025", "source_id": "a", "step": "declined"},
    ]
    chart = charts.origins(positions.by_country(make_ledger(steps=steps), ONE), SOURCE)
    axes = chart.wide.axes[0]
    assert [text.get_text() for text in axes.texts] == ["Panama: asked", "Nigeria: no step", "Zambia: asked"]
    diamonds = [line for line in axes.lines if line.get_marker() == "D"]
    assert [(line.get_xdata()[0], line.get_markerfacecolor()) for line in diamonds] == [
        (2, style.DARK),
        (1, "white"),
        (1, "white"),
    ]
    rings = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert rings == [3, 1, 1]
    assert diamonds[0].get_gid() == "title: Panama, asked: 2 origins, 3 sources (several origins)"
    assert chart.title == "Of 3 positions, 1 rests on two or more independent first reports and 2 on one first report"
    assert chart.alt.endswith(
        "for 3 countries: 1 rests on two or more independent first reports and 2 on one first report."
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_dot_per_choice_in_the_panel_of_each_answer(make_ledger, form):
    steps = [{"step": "received"}, {"arrangement_id": "pan-removal-2025", "step": "unclear"}]
    book = make_ledger(steps=steps, payments=[{}], transfers=[{}])
    numbers = {"countries_reported": 2, "countries_agreed": 1, "countries_received": 1, "people_at_least": 12850,
               "usd_paid": 32.5e6, "usd_agreed": 0}  # fmt: skip
    stricter = dict.fromkeys(numbers, 0) | {"choice": "two independent origins needed", "usd_paid": 17.36e6}
    rows = pd.DataFrame([numbers | {"choice": sensitivity.AS_PUBLISHED}, stricter])
    chart = charts.choices(rows, answers.compute(book, ONE), SOURCE)
    panels = getattr(chart, form).axes
    assert len(panels) == len(sensitivity.SHOWN)
    for axes, name in zip(panels, sensitivity.SHOWN, strict=True):
        dots = [line for line in axes.lines if line.get_marker() == "o"]
        assert [line.get_url() for line in dots] == [f"../reports/numbers/{name}.html"] * len(rows)
    received = [line for line in panels[2].lines if line.get_marker() == "o"]
    assert [float(line.get_xdata()[0]) for line in received] == rows["countries_received"].tolist()
    assert received[0].get_gid() == "title: countries reported to have received people, as published here: 1"
    assert [line.get_markerfacecolor() for line in received[:2]] == [style.DARK, "white"]
    paid = [line for line in panels[4].lines if line.get_marker() == "o"]
    assert [float(line.get_xdata()[0]) for line in paid] == [32.5, 17.36]
    assert {"12,850", "32.5", "17.36"} <= set(texts(getattr(chart, form)))
    assert chart.title == (
        "0 to 1 countries are reported to have received people, and 17.36 to 32.5 million US dollars paid, "
        "under 1 other choice made one at a time"
    )


def some_acts():
    def act(number, effect, day, about="the programme", actor="court"):
        return {"act_id": f"act-{number}", "label": f"Act {number}", "actor": actor, "actor_name": "A court",
                "effect": effect, "about": about, "date_latest": pd.Timestamp(day), "support": "one_origin",
                "claim_ids": f"c9000{number}"}  # fmt: skip

    return pd.DataFrame(
        [
            act(1, "forbids", "2025-03-28"),
            act(2, "stays", "2025-05-01"),
            act(3, "filed", "2025-03-23", actor="agency"),
            act(4, "forbids", "2025-03-29", about="Rwanda"),
            act(5, "allows", "2027-01-01"),
            act(6, "other", None),
        ]
    )


@pytest.mark.parametrize("form", FORMS)
def test_acts_that_concern_the_programme_are_numbered_and_listed(form):
    chart = charts.acts_timeline(some_acts(), pd.Timestamp("2025-06-01"), SOURCE)
    figure = getattr(chart, form)
    axes = figure.axes[0]
    assert [text for text in texts(figure) if text.isdigit()] == ["1", "2"]
    pauses = "pauses an earlier act" if form == "wide" else "pauses an\nearlier act"
    assert [text for text in texts(figure) if not text.isdigit()] == ["forbids", pauses, "filed"]
    listed = [text.get_text() for text in figure.texts if str(text.get_url()).startswith("../reports/claims.html")]
    assert listed == ["28 Mar 2025: Act 1", "1 May 2025: Act 2"]
    marks = [line for line in axes.lines if line.get_url()]
    assert {line.get_gid(): line.get_marker() for line in marks} == {
        "title: 28 Mar 2025: Act 1 (A court) (one origin)": "s",
        "title: 29 Mar 2025: Act 4 (A court) (one origin)": "s",
        "title: 1 May 2025: Act 2 (A court) (one origin)": "s",
        "title: 23 Mar 2025: Act 3 (A court) (one origin)": "o",
    }
    assert len({(line.get_xdata()[0], line.get_ydata()[0]) for line in marks}) == 4
    assert note_of(figure) == "Not drawn: 2 acts without a day, before 2025 or after the newest report."
    assert chart.title == "4 acts by what they do, 1 of them filings"


def test_an_act_that_pauses_or_ends_an_earlier_one_is_not_coloured_as_one_that_forbids_or_allows():
    directed = {colour for effect, colour in acts.EFFECTS.items() if effect not in ("stays", "lifts", "filed", "other")}
    assert directed.isdisjoint({acts.EFFECTS["stays"], acts.EFFECTS["lifts"]})


# ---------------------------------------------------------------- all figures


def empty_charts(book):
    standing = positions.by_country(book, ONE)[:0]
    yield charts.positions_by_month(positions.by_month(book, ONE, start="2030-01"), SOURCE)
    yield charts.by_region(positions.by_region(positions.by_country(book, ONE))[:0], "un_m49_region", SOURCE)
    yield charts.world_map(standing, SOURCE)
    yield charts.payment_ranges(payments.reported(book, ONE)[:0], SOURCE)
    rows = timing.by_country(book, ONE)[:0]
    yield charts.timing(rows, book.as_of, SOURCE)
    yield charts.cumulative(timing.cumulative(rows, "contact", "2025-01-20"), book.as_of, SOURCE)
    yield charts.cumulative(timing.cumulative(rows, "contact", "2025-01-20")[:0], book.as_of, SOURCE)
    yield charts.people(transfers.by_destination(transfers.reported(book, ONE))[:0], SOURCE)
    yield charts.origins(standing, SOURCE)
    yield charts.country_steps(book.steps[:0], "Nowhere", book.as_of, SOURCE)
    numbers = answers.compute(book, ONE)
    yield charts.choices(pd.DataFrame(columns=["choice", *sensitivity.SHOWN], dtype="float64"), numbers, SOURCE)
    yield charts.acts_timeline(some_acts()[:0], book.as_of, SOURCE)


def test_every_figure_can_be_drawn_of_nothing(make_ledger):
    book = make_ledger(steps=[{}, {"step": "unclear"}], payments=[{}], transfers=[{}])
    for chart in empty_charts(book):
        for form in FORMS:
            assert elements(chart, form).get("aria-label") == chart.alt != ""


@pytest.mark.parametrize("form", FORMS)
def test_a_figure_is_the_same_bytes_each_time_and_names_no_clock_or_place(standing, form):
    for draw in (lambda: charts.world_map(standing, SOURCE), lambda: charts.origins(standing, SOURCE)):
        first = draw()
        written = first.to_svg(form)
        assert written == first.to_svg(form) == draw().to_svg(form)
        assert not any(word in written for word in ("<metadata", "dc:date", "/home", "/usr", "/work"))


@pytest.mark.parametrize("form", FORMS)
def test_text_is_text_in_the_readers_font(standing, form):
    root = elements(charts.by_region(positions.by_region(standing), "un_m49_region", SOURCE), form)
    written = [element for element in root.iter() if tag(element) == "text"]
    assert "Africa" in [element.text for element in written]
    assert not any("font-family" in element.get("style", "") for element in written)
    assert root.get("font-family") == svg.FONT


@pytest.mark.parametrize("form", FORMS)
def test_links_have_a_title_and_are_no_stops_of_the_tab_key(standing, form):
    root = elements(charts.world_map(standing, SOURCE), form)
    links = [element for element in root.iter() if tag(element) == "a"]
    rwanda = [link for link in links if link.get("href") == "../reports/countries/RWA.html"]
    assert "Rwanda: agreed (one origin)" in [child.text for link in rwanda for child in link if tag(child) == "title"]
    assert {link.get("tabindex") for link in links} == {"-1"}
    assert {link.get("target") for link in links} == {None}


def test_two_figures_of_a_page_share_no_id(standing):
    chart = charts.world_map(standing, SOURCE)
    other = charts.origins(standing, SOURCE)
    ids = [
        {element.get("id") for element in elements(which, form).iter()} - {None}
        for which in (chart, other)
        for form in FORMS
    ]
    assert sum(map(len, ids)) == len(set().union(*ids)) > 4


def test_every_reference_in_a_figure_has_its_target(standing):
    for form in FORMS:
        root = elements(charts.world_map(standing, SOURCE), form)
        ids = {element.get("id") for element in root.iter()}
        used = {element.get("href", "").removeprefix("#") for element in root.iter() if tag(element) == "use"}
        clips = {element.get("clip-path", "")[5:-1] for element in root.iter() if element.get("clip-path")}
        assert used | clips <= ids


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("M 10 20 \nL 10.5 20 \nL 10.5 19.04 \nz ", "M10 20l.5 0 0-1z"),
        ("M 0 0 L 1 1 M 5 5 L 6 5", "M0 0l1 1M5 5l1 0"),
        ("M 0 0 C 1.123 2 3 4.999 5 6", "M 0 0 C 1.1 2 3 4.9 5 6"),
    ],
)
def test_a_path_is_written_in_tenths_of_a_point(path, short):
    assert svg._shortened(path) == short


def test_a_notebook_keeps_both_forms_and_its_format_allows_them(standing):
    chart = charts.origins(standing, SOURCE)
    data, metadata = chart._repr_mimebundle_()
    assert data["image/svg+xml"] == chart.to_svg("wide") != data["image/svg+xml;form=narrow"] == chart.to_svg("narrow")
    assert metadata == {"ledger": {"kind": "figure", "name": "origins", "title": chart.title, "alt": chart.alt}}
    output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    cell = nbformat.v4.new_code_cell("", outputs=[output], execution_count=1)
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def test_a_figure_has_no_third_form(standing):
    with pytest.raises(ValueError, match=r"^'tall' is no form of a figure: wide or narrow$"):
        charts.origins(standing, SOURCE).to_svg("tall")


def test_a_picture_of_a_figure_has_its_words(standing):
    chart = charts.origins(standing, SOURCE)
    with_words = charts.to_png(chart.to_svg(), 400)
    without = charts.to_png(chart.to_svg().replace("<text", "<desc").replace("</text", "</desc"), 400)
    assert with_words[:4] == without[:4] == b"\x89PNG"
    assert len(with_words) > 1.5 * len(without)


def edges_of_words(figure):
    """The left and the right edge of all that is written in the figure, in inches; of ticks their labels alone, not beyond."""
    figure.draw_without_rendering()
    every = [figure._suptitle, *figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    for axes in figure.findobj(Axes):
        every += [*axes.texts, axes.xaxis.label, axes.yaxis.label, axes.title, axes._left_title]
    boxes = [text.get_window_extent() for text in every if text.get_text()]
    return min(box.x0 for box in boxes) / figure.dpi, max(box.x1 for box in boxes) / figure.dpi


@pytest.mark.parametrize("form", FORMS)
def test_no_words_leave_the_figure(standing, sums, approached, destinations, form):
    rows = timing.by_country(approached, ONE)
    for chart in (
        charts.by_region(positions.by_region(standing), "un_m49_region", SOURCE),
        charts.world_map(standing, SOURCE),
        charts.payment_ranges(sums, SOURCE),
        charts.timing(rows, approached.as_of, SOURCE),
        charts.cumulative(timing.cumulative(rows, "contact", "2025-01-20"), approached.as_of, SOURCE),
        charts.people(destinations, SOURCE),
        charts.origins(standing, SOURCE),
        charts.acts_timeline(some_acts(), pd.Timestamp("2025-06-01"), SOURCE),
    ):
        figure = getattr(chart, form)
        left, right = edges_of_words(figure)
        assert right <= figure.get_figwidth(), chart.name
        assert left >= 0, chart.name


def test_the_narrow_form_is_drawn_for_a_phone(standing):
    chart = charts.world_map(standing, SOURCE)
    assert (chart.wide.get_figwidth(), chart.narrow.get_figwidth()) == (8.6, 4.2)
    assert chart.figure is chart.wide
    sizes = [text.get_fontsize() for text in chart.narrow.findobj(Text)]
    assert min(sizes) >= 7


def test_the_source_line_counts_claims_and_sources(make_ledger):
    book = make_ledger(steps=[{"source_id": "a"}, {"source_id": "b"}])
    assert charts.source_line(book) == (
        "Third-Country Ledger, CC BY 4.0: 2 claims read in 2 sources, newest report 1 May 2025. Reported, not established."
    )
    one = make_ledger(steps=[{"source_id": "a"}])
    assert "1 claim read in 1 source," in charts.source_line(one)


# ---------------------------------------------------------------- figures drawn before


@pytest.fixture
def store():
    """A store of figures that this process keeps them in, for as long as the test lasts."""

    class Bytes(dict):
        put = dict.__setitem__

    kept = Bytes()
    charts.keep_in(kept, "these tools")
    yield kept
    charts.keep_in(None)


def steps_of(make_ledger, **cells):
    return make_ledger(steps=[{"claim_id": "c1", "wording": "has agreed"} | cells]).steps


def test_a_figure_that_was_drawn_before_is_the_same_and_is_not_drawn_again(make_ledger, store, monkeypatch):
    def country(**cells):
        return charts.country_steps(steps_of(make_ledger, **cells), "Rwanda", pd.Timestamp("2025-06-01"), SOURCE)

    before = country()
    drawn = {form: before.to_svg(form) for form in FORMS}
    monkeypatch.setattr(style, "framed", lambda *_, **__: pytest.fail("it is drawn again"))
    again = country(note="what only a curator reads", checked_on="2026-02-02")
    assert (again.name, again.title, again.alt) == (before.name, before.title, before.alt)
    assert {form: again.to_svg(form) for form in FORMS} == drawn
    charts.keep_in(store, "other tools")
    monkeypatch.undo()
    assert len(store) == 1
    assert {form: country().to_svg(form) for form in FORMS} == drawn
    country(wording="has not agreed")
    assert len(store) == 3


def test_a_figure_that_was_drawn_before_may_still_be_changed_by_hand(standing, store):
    for _ in range(2):  # drawn, and taken from what is kept
        chart = charts.world_map(standing, SOURCE)
        chart.figure.suptitle("a title of my own")
        assert "a title of my own" in chart.to_svg()
    assert "a title of my own" not in charts.world_map(standing, SOURCE).to_svg()


def test_a_chart_does_not_follow_the_frame_it_was_made_from(standing):
    chart, text = charts.world_map(standing, SOURCE), charts.world_map(standing, SOURCE).to_svg()
    standing["furthest_step"] = "received"
    assert chart.to_svg() == text


# ---------------------------------------------------------------- colours

# Linear RGB as seen without one kind of cone: Machado, Oliveira and Fernandes 2009, severity 1.
SEEN = {
    "as drawn": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "greyscale": np.array([[0.2126, 0.7152, 0.0722]] * 3),
}


def lab(colour, seen):
    """CIELAB of a colour as somebody sees it."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(SEEN[seen] @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ linear / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(one, other, seen):
    return float(np.linalg.norm(lab(one, seen) - lab(other, seen)))


@pytest.mark.parametrize("seen", SEEN)
def test_the_ladder_grows_darker_step_by_step_however_it_is_seen(seen):
    lightness = [lab(style.STEP_STYLE[step][0], seen)[0] for step in positions.RANK]
    assert all(before - after > 7 for before, after in itertools.pairwise(lightness)), lightness


@pytest.mark.parametrize("seen", ["as drawn", "protanopia", "deuteranopia"])
def test_all_fills_of_the_map_can_be_told_apart(seen):
    fills = [*(look[0] for look in style.STEP_STYLE.values()), style.NO_REPORT]
    pairs = [(one, other) for n, one in enumerate(fills) for other in fills[n + 1 :]]
    assert min(difference(one, other, seen) for one, other in pairs) > 8


@pytest.mark.parametrize("seen", SEEN)
def test_marks_that_must_not_be_confused_differ_in_lightness_too(seen):
    for one, other in [(style.DARK, style.WARM), (style.PALE, style.DARK), (style.PALE, style.MIDDLE)]:
        assert difference(one, other, seen) > 20, (one, other)


def test_nothing_is_told_by_colour_alone():
    steps = list(style.STEP_STYLE.values())
    assert len({hatch for _, hatch, _ in steps}) == len({marker for _, _, marker in steps}) == len(style.STEP_STYLE)
    for shapes in (
        [marker for marker, _ in money.STAGE_STYLE.values()],
        [marker for marker, *_ in movements.BESIDE_STYLE.values()],
        list(acts.ACTORS.values()),
    ):
        assert len(set(shapes)) == len(shapes)
    assert set(HEADINGS) == set(sensitivity.SHOWN)


def test_days_of_acts_about_the_whole_programme_are_thin_lines(make_ledger):
    rows = timing.by_country(make_ledger(steps=[{}]), Parameters())
    acts = pd.DataFrame(
        {
            "receiver": ["", "RWA", ""],
            "effect": ["stays", "forbids", "filed"],
            "date_latest": pd.to_datetime(["2025-03-01"] * 3),
            "label": ["Court pauses it", "One country", "A suit"],
        }
    )
    plain, marked = (charts.timing(rows, "2025-05-01", "", given) for given in (None, acts))
    assert "Court pauses it" in marked.to_svg()
    assert "One country" not in marked.to_svg()
    assert len(marked.figure.axes[0].lines) == len(plain.figure.axes[0].lines) + 1
