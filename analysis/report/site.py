"""The report as files: pages, tables, figures, data, from executed notebooks and the ledger. Writes into one folder.

Everything a page shows was shown by its notebook: an analyst who changes a notebook changes the page, the CSV and the
figure with it. What belongs elsewhere: running the notebooks (``notebooks``), swapping the folder in (``edition``).
"""

import base64
import hashlib
import importlib.metadata
import re
import shutil
from functools import lru_cache
from html import escape
from pathlib import Path

import jinja2
import markdown_it
import resvg_py
from markupsafe import Markup

from analysis import __version__
from analysis.display import tables
from analysis.ledger import schema
from analysis.report import cache
from analysis.values import countries, dates, paths
from analysis.views import positions, provenance

PNG_WIDTH = 1720  # pixels, twice the width at which a page shows a figure
ANSWERS = ("01_countries_by_region", "06_standing_by_month", "02_reported_payments", "03_timing_of_approaches")
BRIEF = "country_brief"
COUNTRIES = "countries"
NAV = (
    ("index.html", "Overview"),
    ("countries.html", "Countries"),
    ("claims.html", "Claims"),
    ("sources.html", "Sources"),
    ("codebook.html", "Codebook"),
)
CELL = re.compile(r"(<(?:td|th scope=\"row\")[^>]*>)([^<]+)(</t[dh]>)")
STYLE = re.compile(r"<(style|script)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)  # pages have a style of their own
CLAIM_NUMBERS = re.compile(r"c\d{5,}(; c\d{5,})*")


def prefix(notebook):
    """What the files of a notebook begin with: its number, or its first word's end: ``01``, ``brief``."""
    stem = Path(notebook).stem
    return stem.split("_")[0] if stem[0].isdigit() else stem.split("_")[-1]


def shown(notebook):
    """(metadata, data) of each output of an executed notebook that is a table, a figure or a sentence of this package."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            info = output.get("metadata", {}).get("ledger")
            if info:
                yield info, output["data"]


def part(notebook, name):
    """What a report takes from one executed notebook, as a dict that JSON can hold.

    ``name`` is the page's: ``01_countries_by_region`` or ``countries/RWA``. Keys: ``question`` (the title), ``headline``
    (Markdown), ``tables`` (name → CSV), ``figures`` (name → ``svg``, ``title``, and ``png`` in base64; countries have no
    PNG), ``fragment`` (HTML without code). Raises ``ValueError`` if two tables or two figures bear one name.
    """
    country = _country_of(name)
    tables_, figures, headline = {}, {}, ""
    for info, data in shown(notebook):
        if info["kind"] == "headline":
            headline = data["text/markdown"]
        elif info["kind"] == "table":
            _once(tables_, info, data["text/csv"])
        elif info["kind"] == "figure":
            svg = data["image/svg+xml"]
            _once(figures, info, {"svg": svg, "title": info["title"]} | ({} if country else {"png": _png(svg)}))
    fragment = _fragment(notebook, prefix(name))
    return {
        "question": re.search(r"^# (.+)$", notebook.cells[0].source, flags=re.MULTILINE)[1],
        "headline": headline,
        "tables": tables_,
        "figures": figures,
        "fragment": _country(fragment, country) if country else fragment,
    }


def _once(found, info, value):
    if info["name"] in found:
        raise ValueError(f"two {info['kind']}s of one notebook are named {info['name']}")
    found[info["name"]] = value


def _png(svg):
    # To draw a figure takes as long as to run its notebook, and most figures stay as they are when a notebook is run again.
    key = hashlib.sha256(f"{importlib.metadata.version('resvg-py')} {PNG_WIDTH} {svg}".encode()).hexdigest()
    drawn = cache.get(key)
    if drawn is None:
        drawn = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=PNG_WIDTH, dpi=96, skip_system_fonts=True))
        cache.put(key, drawn)
    return base64.b64encode(drawn).decode("ascii")


def _country_of(name):
    """The country's code in the name of its page; blank for the pages of the other notebooks."""
    folder, _, code = name.rpartition("/")
    return code if folder == COUNTRIES else ""


def write(folder, names, read, book, chosen):
    """Write the whole report into the empty ``folder``.

    ``names`` are the pages' names in order, ``read(name)`` gives the :func:`part` of each, ``book`` is the ledger as of
    the chosen day, ``chosen`` the :class:`analysis.views.parameters.Parameters`.
    """
    folder = Path(folder)
    for name in ("tables", "figures", "data", f"{COUNTRIES}/tables", f"{COUNTRIES}/figures"):
        (folder / name).mkdir(parents=True)
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(paths.REPORT_TEMPLATES), autoescape=True)
    questions = {name: read(name) for name in names if not _country_of(name)}
    codes = sorted(filter(None, map(_country_of, names)))
    site = _Site(folder, environment, {name: part["question"] for name, part in questions.items()}, codes, book, chosen)
    for name, content in questions.items():
        _harvest(folder, prefix(name), content)
        site.page(f"{name}.html", content["question"], content["fragment"])
    for code in codes:
        content = read(f"{COUNTRIES}/{code}")
        _harvest(folder / COUNTRIES, code, content)
        site.page(f"{COUNTRIES}/{code}.html", countries.name(code), content["fragment"])
    site.page("countries.html", "Countries", site.countries())
    site.page("index.html", "Overview", site.index(questions))
    site.page("claims.html", "All claims", site.claims())
    site.page("sources.html", "All sources", site.sources())
    site.page("codebook.html", "Codebook", _markdown(schema.page()))
    shutil.copyfile(paths.REPORT_TEMPLATES / "style.css", folder / "style.css")
    for table in (*schema.TABLES, schema.READINGS):
        shutil.copyfile(paths.DATA / f"{table}.csv", folder / "data" / f"{table}.csv")
    shutil.copyfile(paths.DATA / "datapackage.json", folder / "data" / "datapackage.json")


def write_codebook(path=paths.DATA / "CODEBOOK.md"):
    """Write the generated codebook."""
    Path(path).write_text(schema.page(), encoding="utf-8")


def _country(fragment, code):
    """The brief with the country as its heading. PNG files are made for the notebooks' own figures only."""
    body = re.sub(r"<h1[^>]*>.*?</h1>", f"<h1>{countries.name(code)}</h1>", fragment, count=1, flags=re.DOTALL)
    return re.sub(r',\s*<a href="figures/[^"]+\.png">.*?</a>', "", body, flags=re.DOTALL)


def _harvest(folder, start, content):
    for name, text in content["tables"].items():
        (folder / "tables" / f"{start}_{name}.csv").write_text(text, encoding="utf-8", newline="")
    for name, figure in content["figures"].items():
        target = folder / "figures" / f"{start}_{name}.svg"
        target.write_text(figure["svg"], encoding="utf-8", newline="")
        if "png" in figure:
            target.with_suffix(".png").write_bytes(base64.b64decode(figure["png"]))


@lru_cache(maxsize=1)
def _exporter():
    """nbconvert's basic template with blocks of our own; made once, since making it takes longer than a page."""
    from nbconvert import HTMLExporter
    from nbconvert.filters import Highlight2HTML

    exporter = HTMLExporter(template_name="notebook", extra_template_basedirs=[str(paths.REPORT_TEMPLATES)])
    exporter.exclude_input = exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    exporter.exclude_anchor_links = True
    exporter.register_filter("without_style", lambda html: STYLE.sub("", html))
    exporter.register_filter("highlight_code", Highlight2HTML())  # named by the template, though no code is shown
    return exporter


def _fragment(notebook, start):
    """The notebook as an HTML fragment without code."""
    from nbconvert import TemplateExporter

    # The exporter's own method takes the page apart once more, to describe pictures and JupyterLab's cells: none is here.
    return TemplateExporter.from_notebook_node(_exporter(), notebook, resources={"prefix": start})[0]


def _markdown(text):
    body = markdown_it.MarkdownIt("commonmark").enable("table").render(text)
    body = body.replace("<table>", '<div class="table-scroll" role="group" tabindex="0" aria-label="Codes"><table>')
    return Markup(body.replace("</table>", "</table></div>"))


class _Site:
    """What all pages of one report share: navigation, the line about the edition, the links of claims and sources."""

    def __init__(self, folder, environment, pages, codes, book, chosen):
        self.folder, self.environment, self.pages, self.book, self.chosen = folder, environment, pages, book, chosen
        self.known_sources = set(book.sources["source_id"])
        self.country_pages = {escape(countries.name(code)): f"{COUNTRIES}/{code}.html" for code in codes}

    def page(self, name, title, body):
        """Write one page; ``name`` may lie in a folder of the report, ``body`` is HTML."""
        root = "../" * name.count("/")
        links = [{"href": "index.html", "label": "Overview"}]
        links += [{"href": f"{stem}.html", "label": _short(stem)} for stem in self.pages]
        links += [{"href": href, "label": label} for href, label in NAV[1:]]
        text = self.environment.get_template("page.html.j2").render(
            title=title,
            description=f"{title}. Third-Country Ledger, as of {dates.show_day(self.book.as_of)}.",
            links=links,
            here=name,
            root=root,
            body=self._linked(body, root),
            edition=self.edition_line(),
        )
        (self.folder / name).write_text(text, encoding="utf-8", newline="")

    def edition_line(self):
        c = self.chosen
        programme = schema.label("arrangements", "programme", c.programme)
        return (
            f"Version {__version__}. As known by {dates.show_day(self.book.as_of)}; "
            f"regions: {countries.REGION_SCHEMES[c.region_scheme]}; "
            f"programme: {programme}; at least {c.min_origins} independent origin{'s' if c.min_origins > 1 else ''}."
        )

    def _linked(self, body, root):
        """Countries, claim numbers and source identifiers in table cells become links to where they stand in full."""

        def cell(match):
            text, parts = match[2], match[2].split("; ")
            if text in self.country_pages:
                text = f'<a href="{root}{self.country_pages[text]}">{text}</a>'
            elif self.known_sources.issuperset(parts):
                text = "; ".join(f'<a href="{root}sources.html#{part}">{part}</a>' for part in parts)
            elif CLAIM_NUMBERS.fullmatch(text):
                text = "; ".join(f'<a href="{root}claims.html#{part}">{part}</a>' for part in parts)
            return f"{match[1]}{text}{match[3]}"

        return Markup(CELL.sub(cell, str(body)))

    def countries(self):
        standing = positions.by_country(self.book, self.chosen)
        table = tables.country_positions(standing).to_html()
        lead = (
            "One page per country: position per instrument, money, people, what was reported when, disputes, sources."
        )
        without = [name for name in self.country_pages if name not in {escape(n) for n in standing["name"]}]
        links = ", ".join(f'<a href="{self.country_pages[name]}">{name}</a>' for name in without)
        more = f"<p>Reported on without a position of their own: {links}.</p>" if links else ""
        return Markup(f"<h1>Countries</h1><p>{lead}</p>{table}{more}")

    def index(self, questions):
        answers = []
        for name in ANSWERS:
            if name in questions:
                figure = next(iter(questions[name]["figures"].values()), {"svg": "", "title": ""})
                sentence = markdown_it.MarkdownIt("commonmark").renderInline(questions[name]["headline"])
                answers.append(
                    {
                        "href": f"{name}.html",
                        "question": questions[name]["question"],
                        "sentence": Markup(sentence),
                        "svg": Markup(figure["svg"]),
                        "figure_title": figure["title"],
                    }
                )
        others = [
            {"href": f"{stem}.html", "question": text} for stem, text in self.pages.items() if stem not in ANSWERS
        ]
        return Markup(
            self.environment.get_template("index.html.j2").render(
                answers=answers,
                pages=others,
                claims=len(self.book.claims),
                sources=len(provenance.source_list(self.book)),
                data=[f"{table}.csv" for table in (*schema.TABLES, schema.READINGS)] + ["datapackage.json"],
                version=__version__,
                as_of=dates.show_day(self.book.as_of),
            )
        )

    def claims(self):
        table = tables.claims(self.book, self.book.claims["claim_id"])
        columns = [*(column.label for column in table.columns[1:]), "Paragraph", "Note"]
        more = self.book.claims.set_index("claim_id")[["locator", "note"]].T.to_dict("list")
        rows = [{"id": cells[0], "cells": [*cells[1:], *more[cells[0]]]} for cells in table.cells()]
        return self._rows(
            "All claims",
            "One row per claim by one source. Countries, sums and counts on the other pages are computed from these rows.",
            f"{len(rows):,} claims known by {dates.show_day(self.book.as_of)}",
            ["Claim", *columns],
            rows,
        )

    def sources(self):
        table = tables.sources(provenance.source_list(self.book))
        columns = [column.label for column in table.columns] + ["Note"]
        rows = []
        for cells, row in zip(table.cells(), table.frame.to_dict("records"), strict=True):
            if row["url"]:
                title = escape(row["title"] or "address")
                cells[2] = Markup(f'<a href="{escape(row["url"], quote=True)}" rel="noreferrer">{title}</a>')
            rows.append({"id": row["source_id"], "cells": [*cells[1:], row["note"]]})
        return self._rows(
            "Sources read, and the origins they credit",
            "A source is a page that was read; an origin is the report in which a fact was first made public.",
            f"{len(rows):,} documents",
            columns,
            rows,
        )

    def _rows(self, heading, lead, caption, columns, rows):
        template = self.environment.get_template("rows.html.j2")
        return Markup(template.render(heading=heading, lead=lead, caption=caption, columns=columns, rows=rows))


def _short(stem):
    words = stem.split("_")
    return " ".join(words[1:] if words[0].isdigit() else words).capitalize()
