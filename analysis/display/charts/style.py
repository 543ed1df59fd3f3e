"""What all figures have in common: the style, the two forms, the frame around the axes, and the :class:`Chart`.

Every figure is drawn twice, in a wide form for screens and paper and in a narrow one for phones, by one function that is
told the form. The frame is measured in inches from the top: title, note, key, axes, source line. Text is placed with more
room than its own font needs, because a page sets it in the reader's font.

What belongs elsewhere: what a figure shows (the sibling modules), how its SVG is tidied (``svg``), sentences (``text``).

Typical use::

    @styled
    def bars(rows: pd.DataFrame, source: str) -> Chart:
        def draw(form: Form) -> Figure:
            figure, axes = framed(form, title, source, height=2.0, left=1.2)
            ...
            return figure

        return both("bars", title, alt, draw)
"""

import hashlib
import io
import json
import pickle
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, ParamSpec, Protocol

import matplotlib
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.transforms import blended_transform_factory

from analysis.display import links, text
from analysis.display.charts import svg
from analysis.ledger import Ledger, schema
from analysis.values import countries, dates
from analysis.views import provenance

# The style on top of matplotlib's own defaults: a reader's matplotlibrc changes nothing.
STYLE = {
    key: value
    for key, value in matplotlib.rc_params_from_file(Path(__file__).with_name("ledger.mplstyle")).items()
    if key not in ("backend", "backend_fallback", "interactive", "toolbar", "timezone", "datapath")
}

# Light to dark along the ladder (ColorBrewer YlGnBu, which colour-blind readers can tell apart). What is off the ladder is
# orange, so that it is neither a step nor the grey of a country of which nothing is reported.
STEP_STYLE = {
    "named": ("#ffffcc", "||", "o"),
    "asked": ("#c7e9b4", "//", "^"),
    "in_talks": ("#7fcdbb", "\\\\", "s"),
    "willing": ("#41b6c4", "xx", "D"),
    "agreed": ("#1d91c0", "--", "P"),
    "signed": ("#225ea8", "++", "p"),
    "received": ("#0c2c84", "", "*"),
    "off_ladder": ("#e08a5b", "|/", "v"),
}
INK, MUTED, FAINT = "#1a1a1a", "#595959", "#c9c9c9"
PALE, MIDDLE, DARK, WARM = "#9ecae1", "#2b7bba", "#0c2c84", "#d95f02"
NO_REPORT = "#ececec"

WEAK = (provenance.DOUBTFUL, provenance.DIGESTS_ONLY, provenance.ONE_ORIGIN)
SUPPORT_WORDS = {
    provenance.DOUBTFUL: "doubtful",
    provenance.DIGESTS_ONLY: "machine-made digests alone",
    provenance.ONE_ORIGIN: "one origin",
    provenance.SEVERAL_ORIGINS: "several origins",
}
WEAK_LABEL = "one origin, digests alone, or doubtful"

# Names as a narrow figure has room for; on hover the full one stands.
SHORT_NAMES = {
    "COD": "DR Congo",
    "CAF": "Central African Rep.",
    "VCT": "St Vincent & Gren.",
    "KNA": "St Kitts and Nevis",
    "LCA": "St Lucia",
    "ATG": "Antigua & Barbuda",
    "TCA": "Turks and Caicos",
    "DOM": "Dominican Rep.",
    "BIH": "Bosnia and Herz.",
    "STP": "São Tomé & Prínc.",
    "TTO": "Trinidad & Tobago",
    "ARE": "UAE",
}


@dataclass(frozen=True)
class Form:
    """One of the two forms of a figure: ``width`` in inches, sizes of type in points."""

    name: str
    width: float
    title_size: float
    text_size: float
    small_size: float

    @property
    def narrow(self) -> bool:
        """Whether this is the form for phones."""
        return self.name == "narrow"

    def name_of(self, code: str) -> str:
        """A country's name, short where the form is narrow."""
        return SHORT_NAMES.get(code, countries.name(code)) if self.narrow else countries.name(code)


WIDE = Form("wide", width=8.6, title_size=13, text_size=9, small_size=8)
NARROW = Form("narrow", width=4.2, title_size=11.5, text_size=9, small_size=8)
FORMS = (WIDE, NARROW)

# Columns of a claim that no figure shows: where it stands in file and source, and what curators write for one another.
NOT_DRAWN = ["line", "locator", "checked_on", *schema.NOTES]

EDGE = 0.08  # inches of white around everything
LETTER = 0.58  # the room for a letter, in parts of the size of type; system fonts need about 0.5


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure in two forms, with its name, its title and its alt text. In a notebook it displays itself as SVG.

    ``draw`` draws a form; ``kept`` holds the SVG of forms that need not be drawn for it. The bundle of a notebook's output
    holds the wide form as ``image/svg+xml`` and the narrow one as ``image/svg+xml;form=narrow``. Links in it are as a
    notebook writes them (``links``).
    """

    name: str
    title: str
    alt: str
    draw: Callable[[Form], Figure]
    kept: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def wide(self) -> Figure:
        """The wide form, drawn; what is changed in it is seen in :meth:`to_svg`."""
        return self._drawn(WIDE)

    @cached_property
    def narrow(self) -> Figure:
        """The narrow form, likewise."""
        return self._drawn(NARROW)

    @property
    def figure(self) -> Figure:
        """The wide form."""
        return self.wide

    def _drawn(self, form: Form) -> Figure:
        with matplotlib.rc_context(STYLE):
            return self.draw(form)

    def to_svg(self, form: str = "wide") -> str:
        """A form as an SVG element, the same bytes each time: no clock, no random ids, coordinates to 0.1 pt.

        Raises:
            ValueError: ``form`` is neither ``wide`` nor ``narrow``.
        """
        if form not in ("wide", "narrow"):
            raise ValueError(f"{form!r} is no form of a figure: wide or narrow")
        if form in self.kept and form not in vars(self):  # nobody has had the figure, to change it
            return self.kept[form]
        target = io.BytesIO()
        figure = getattr(self, form)
        with matplotlib.rc_context(STYLE | {"svg.hashsalt": f"{self.name} {form}"}):
            # The canvas itself: savefig would draw once more before, for a layout that is settled.
            FigureCanvasSVG(figure).print_svg(target, metadata=dict.fromkeys(svg.NO_METADATA))
        return svg.tidy(target.getvalue(), self.alt)

    def __repr__(self) -> str:
        return f"{self.title}. {self.alt}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, Any]]:
        data = {"text/plain": repr(self), "image/svg+xml": self.to_svg(), svg.NARROW_TYPE: self.to_svg("narrow")}
        return data, {"ledger": {"kind": "figure", "name": self.name, "title": self.title, "alt": self.alt}}


def source_line(ledger: Ledger) -> str:
    """Where a figure's data come from and as of when."""
    claims = ledger.claims
    read = f"{text.plural(len(claims), 'claim')} read in {text.plural(claims['source_id'].nunique(), 'source')}"
    return (
        f"Third-Country Ledger, CC BY 4.0: {read}, newest report {dates.show_day(ledger.as_of)}. "
        "Reported, not established."
    )


Taken = ParamSpec("Taken")


class Store(Protocol):
    """Where the SVG of figures is kept: bytes under a key."""

    def get(self, key: str) -> bytes | None: ...
    def put(self, key: str, data: bytes) -> None: ...


@dataclass
class _Kept:
    """Where this process keeps figures, and the hash of all that they are made with: code, fonts, versions."""

    store: Store | None = None
    tools: str = ""


_kept = _Kept()


def keep_in(store: Store | None, tools: str = "") -> None:
    """From now on, let this process draw no figure that it finds in ``store``; with None, draw each one.

    A figure is known by its function, by what that is given, and by ``tools``, the hash of everything else that decides
    how it looks.
    """
    _kept.store, _kept.tools = store, tools


def styled(draw: Callable[Taken, Chart]) -> Callable[Taken, Chart]:
    """Decorator: ``draw`` in the style of this package, whatever the reader's matplotlib is set to.

    Of a frame of claims it is given all but :data:`NOT_DRAWN`. Both forms are drawn at once, or taken from what is kept
    (:func:`keep_in`).
    """

    @wraps(draw)
    def drawn(*args: Taken.args, **kwargs: Taken.kwargs) -> Chart:
        given: Any = [_drawable(value) for value in args]
        named: Any = {name: _drawable(value) for name, value in kwargs.items()}
        chart = draw(*given, **named)
        if _kept.store is None:
            for form in FORMS:
                getattr(chart, form.name)
            return chart
        arguments = (_kept.tools, draw.__module__, draw.__qualname__, given, named)
        key = hashlib.sha256(pickle.dumps(arguments, protocol=5)).hexdigest()
        data = _kept.store.get(key)
        if data is None:
            data = json.dumps({form.name: chart.to_svg(form.name) for form in FORMS}).encode("utf-8")
            _kept.store.put(key, data)
        return replace(chart, kept=json.loads(data))

    return drawn


def _drawable(value: Any) -> Any:
    """An argument as a figure may see it: later changes of the caller's frame are not seen, nor what is for curators."""
    return value.drop(columns=NOT_DRAWN, errors="ignore") if isinstance(value, pd.DataFrame) else value


def both(name: str, title: str, alt: str, draw: Callable[[Form], Figure]) -> Chart:
    """The chart with both its forms, each drawn by ``draw``."""
    return Chart(name, title, alt, draw)


def framed(
    form: Form,
    title: str,
    source: str,
    height: float,
    *,
    left: float = 0.5,
    right: float = 0.12,
    bottom: float = 0.34,
    note: str = "",
    key: Sequence[Artist] = (),
    grid: tuple[int, int] = (1, 1),
    gap: tuple[float, float] = (0.55, 0.3),
    heading: float = 0.0,
) -> tuple[Figure, Any]:
    """A figure with its title, note, key and source line, and axes between them.

    Args:
        form: wide or narrow.
        title: the finding; wrapped to the width.
        source: the source line.
        height: of the axes, or of each row of them, in inches.
        left: inches for what stands left of the axes; ``right``, ``bottom`` likewise (ticks and labels below the axes).
        note: a sentence under the title.
        key: the entries of the key, set in lines under the note.
        grid: rows and columns of axes.
        gap: inches between rows and between columns of axes.
        heading: inches above the axes for titles of their own.

    Returns:
        The figure and its axes: one, or an array where ``grid`` asks for several.
    """
    inner = form.width - 2 * EDGE
    title_lines, title_step = wrapped(title, inner, form.title_size, bold=True), form.title_size * 1.28 / 72
    note_lines, note_step = wrapped(note, inner, form.text_size), form.text_size * 1.35 / 72
    source_lines, source_step = wrapped(source, inner, 7), 7 * 1.35 / 72
    key_lines, key_step = _lines_of_key(key, inner, form.text_size), 0.205

    top = EDGE + len(title_lines) * title_step + 0.06
    note_top = top
    top += len(note_lines) * note_step + (0.05 if note_lines else 0)
    key_top = top
    top += len(key_lines) * key_step + 0.1 + heading
    rows, columns = grid
    body = rows * height + (rows - 1) * gap[0]
    total = top + body + bottom + 0.08 + len(source_lines) * source_step + EDGE
    figure = Figure(figsize=(form.width, total))
    figure.subplots_adjust(
        left=(EDGE + left) / form.width,
        right=1 - (EDGE + right) / form.width,
        top=1 - top / total,
        bottom=1 - (top + body) / total,
        hspace=gap[0] / height,
        wspace=gap[1] / ((inner - left - right - (columns - 1) * gap[1]) / columns),
    )
    axes = figure.subplots(rows, columns)

    def lines(words: list[str], start: float, size: float, **style: Any) -> None:
        figure.text(
            EDGE / form.width, 1 - start / total, "\n".join(words), va="top", fontsize=size, linespacing=1.2, **style
        )

    figure.suptitle(
        "\n".join(title_lines),
        x=EDGE / form.width,
        y=1 - EDGE / total,
        ha="left",
        va="top",
        fontsize=form.title_size,
        fontweight="bold",
        linespacing=1.15,
        color=INK,
    )
    if note_lines:
        lines(note_lines, note_top, form.text_size, color=MUTED)
    for number, entries in enumerate(key_lines):
        place = (EDGE / form.width, 1 - (key_top + number * key_step) / total)
        figure.legend(
            handles=entries,
            loc="upper left",
            bbox_to_anchor=place,
            ncols=len(entries),
            fontsize=form.text_size,
            borderaxespad=0,
            borderpad=0,
            handlelength=1.7,
            handletextpad=0.5,
            columnspacing=1.4,
        )
    start = total - EDGE - len(source_lines) * source_step
    lines(source_lines, start, 7, color=MUTED, gid="source")
    return figure, axes


def wrapped(words: str, inches: float, size: float, bold: bool = False) -> list[str]:
    """``words`` in lines that fit into ``inches`` at ``size`` points."""
    letter = size * (LETTER + 0.06 if bold else LETTER) / 72
    return textwrap.wrap(words, max(int(inches / letter), 8)) if words else []


def room(words: Sequence[str], size: float) -> float:
    """Inches that the longest of ``words`` needs at ``size`` points."""
    return max((len(line) for word in words for line in word.split("\n")), default=0) * size * LETTER / 72


def _lines_of_key(entries: Sequence[Artist], inches: float, size: float) -> list[list[Artist]]:
    """The entries of a key in lines that fit into ``inches``."""
    lines: list[list[Artist]] = []
    left = 0.0
    for entry in entries:
        needed = room([str(entry.get_label())], size) + 0.42
        if not lines or left < needed:
            lines.append([])
            left = inches
        lines[-1].append(entry)
        left -= needed
    return lines


def marker_entry(marker: str, label: str, **style: Any) -> Line2D:
    """An entry of a key: a marker without a line."""
    look = {"markeredgecolor": INK, "markersize": 8, "color": MIDDLE, "linestyle": ""}
    return Line2D([], [], marker=marker, label=label, **(look | style))


def bar_entry(label: str, **style: Any) -> Patch:
    """An entry of a key: a filled bar."""
    return Patch(label=label, **({"edgecolor": INK, "linewidth": 0.5} | style))


def name_rows(
    axes: Axes,
    form: Form,
    labels: Sequence[str],
    addresses: Sequence[tuple[str, str]],
    above: bool = False,
    details: Sequence[str] = (),
) -> None:
    """Names of rows as text that begins at the left edge: row 0 at the top, one unit apart, downwards.

    ``addresses`` has an address (blank for none) and a title for each. With ``above`` the names stand over their rows, inside
    the axes, where a long name has room on a phone. ``details`` stand under the names, smaller.
    """
    figure = axes.get_figure()
    across = blended_transform_factory(figure.transFigure, axes.transData)
    for row, (label, (address, title)) in enumerate(zip(labels, addresses, strict=True)):
        place = row - 0.36 if above else row - 0.17 if details and details[row] else row
        if details and details[row]:
            axes.text(
                EDGE / form.width, row + 0.19, details[row], transform=across, va="center", fontsize=form.small_size - 0.5,
                color=MUTED, clip_on=False,
            )  # fmt: skip
        written = axes.text(
            EDGE / form.width,
            place,
            label,
            transform=across,
            va="center",
            fontsize=form.text_size,
            color=INK,
            linespacing=1.0,
            clip_on=False,
        )
        if address:
            linked(written, address, title)
    axes.set_ylim(len(labels) - 0.5 if labels else 0.5, -0.6)
    axes.set_yticks([])
    one_per_row(axes)


def guides(axes: Axes, places: Iterable[float]) -> None:
    """Faint lines that lead from the names of rows to their marks."""
    for place in places:
        axes.axhline(place, color="#efefef", linewidth=0.8, zorder=0.4)


def one_per_row(axes: Axes) -> None:
    """What is drawn stands in named rows: grid lines for x alone, no ticks at the names."""
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)


def linked(artist: Artist, address: str, title: str) -> Artist:
    """Make a mark a link to what it stands for, with a title that is shown on hover and read out by screen readers."""
    artist.set_url(address)
    return titled(artist, title)


def titled(artist: Artist, title: str) -> Artist:
    """Give a mark a title without a link."""
    artist.set_gid(svg.TITLE + title)
    return artist


def country_link(code: str) -> str:
    """The address of a country's page, as a notebook writes it; blank for no country."""
    return f"{links.REPORT}countries/{code}.html" if code in countries.table() else ""


def claim_link(claim_ids: str) -> str:
    """The address of the first of ``a; b; c``; blank for none."""
    ids = provenance.split(claim_ids)
    return f"{links.REPORT}claims.html#{ids[0]}" if ids else ""


def is_weak(support: str) -> bool:
    """Whether a number must carry the mark of weak support. Rule: Method, *Support*."""
    return support in WEAK


def marked_title(words: str, support: str) -> str:
    """``words`` with what they rest on, for the title of a mark."""
    return f"{words} ({SUPPORT_WORDS[support]})" if support in SUPPORT_WORDS else words


def say(axes: Axes, x: float, y: float, words: str, **style: Any) -> Text:
    """A note inside the axes, on a white ground that keeps it apart from what it is written over."""
    ground = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    return axes.text(x, y, words, **({"fontsize": 8, "color": INK, "bbox": ground} | style))


def nothing(form: Form, title: str, source: str, words: str) -> Figure:
    """A figure for an empty frame: its title, and that there is nothing to show."""
    figure, axes = framed(form, title, source, height=0.5, left=0.1, bottom=0.05)
    axes.set_axis_off()
    axes.text(0, 0.5, words, va="center", fontsize=form.text_size, color=MUTED)
    return figure


def hatch_colour(step: str) -> str:
    """White on dark fills, grey on light ones."""
    return "#ffffffb0" if step in ("agreed", "signed", "received") else "#55555590"


def in_words(region: str) -> str:
    """A region as it stands in a sentence: ``the Americas``."""
    return f"the {region}" if region in ("Americas", "Caribbean") else region


def stacked(marks: pd.DataFrame, name: str, day: str, near: float) -> dict[str, int]:
    """How many marks lie under each: the lowest level on which no other mark is nearer than ``near`` days.

    ``marks`` has a row per mark, in the order in which they are laid; ``name`` and ``day`` are the columns with its name and
    its day. Returns name → level, 0 the lowest.
    """
    levels: dict[str, int] = {}
    last_on: list[pd.Timestamp] = []
    for mark, on in zip(marks[name], marks[day], strict=True):
        free = [level for level, last in enumerate(last_on) if (on - last).days > near]
        level = free[0] if free else len(last_on)
        last_on[level : level + 1] = [on]
        levels[mark] = level
    return levels


def day_words(day: pd.Timestamp) -> str:
    """A day in words; ``not reported`` where there is none."""
    return "not reported" if pd.isna(day) else dates.show_day(day)
