"""What the report takes from an executed notebook: its question, its answer, tables, figures, and a page without code.

What belongs elsewhere: running it (``report.notebooks``), the frame of the page (``pages``).
"""

import base64
import copy
import hashlib
import importlib.metadata
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.display import charts, tables
from analysis.report import cache
from analysis.report.site import prose
from analysis.values import paths

PNG_WIDTH = 1720  # pixels, twice the width at which a page shows a figure
BRIEF = "country_brief"
COUNTRIES = "countries"
CLAIMS = tables.CLAIMS  # what a notebook calls the table of the claims behind it
STYLE = re.compile(r"<(style|script)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)  # pages have a style of their own


def prefix(notebook: str | Path) -> str:
    """What the files of a notebook begin with: its number, or its last word: ``01``, ``brief``."""
    stem = Path(notebook).stem
    return stem.split("_")[0] if stem[0].isdigit() else stem.split("_")[-1]


def country_of(name: str) -> str:
    """The country's code in the name of its page, ``countries/RWA``; blank for the pages of the other notebooks."""
    folder, _, code = name.rpartition("/")
    return code if folder == COUNTRIES else ""


def shown(notebook: Any) -> Iterator[tuple[dict, dict]]:
    """(metadata, data) of each output of an executed notebook that is a table, a figure or a sentence of this package."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            info = output.get("metadata", {}).get("ledger")
            if info:
                yield info, output["data"]


def part(notebook: Any, name: str) -> dict:
    """What a report takes from one executed notebook, as a dict that JSON can hold.

    ``name`` is the page's: ``01_countries_by_region`` or ``countries/RWA``. Keys: ``question`` (the title), ``headline``
    (Markdown), ``answer`` (the same in HTML), ``counted`` (the rest of the first cell, in HTML), ``tables`` (name → CSV; of
    :data:`CLAIMS` a page of its own is made), ``figures`` (name → ``svg``, ``narrow``, the same for a phone, ``title``, and
    ``png`` in base64; countries have no PNG), ``fragment`` (the other cells, in HTML without code and answer). Raises
    ``ValueError`` if two tables or two figures bear one name.
    """
    country = country_of(name)
    csvs: dict[str, str] = {}
    figures: dict[str, dict] = {}
    headline = answer = ""
    for info, data in shown(notebook):
        if info["kind"] == "headline":
            headline, answer = data["text/markdown"], data.get("text/html", "")
        elif info["kind"] == "table":
            _once(csvs, info, data["text/csv"])
        elif info["kind"] == "figure":
            svg = data["image/svg+xml"]
            _once(
                figures,
                info,
                {"svg": svg, "narrow": data[charts.NARROW_TYPE], "title": info["title"]}
                | ({} if country else {"png": _png(svg)}),
            )
    title, _, rest = notebook.cells[0].source.lstrip().partition("\n")
    if not title.startswith("# "):
        raise ValueError("the first cell does not begin with the question, as a heading: # …")
    return {
        "question": title.removeprefix("# ").strip(),
        "headline": headline,
        "answer": answer,
        "tables": csvs,
        "figures": figures,
        "counted": "" if country else prose.html(rest, trusted=True),
        "fragment": _fragment(
            notebook,
            prefix=country or prefix(name),
            png=not country,
            claims=f"../claims/{country}.html" if country else claims_page(name),
        ),
    }


def claims_page(name: str) -> str:
    """The page with the claims behind a question: ``01_claims.html``."""
    return f"{prefix(name)}_{CLAIMS}.html"


def _once(found: dict, info: dict, value: Any) -> None:
    if info["name"] in found:
        raise ValueError(f"two {info['kind']}s of one notebook are named {info['name']}")
    found[info["name"]] = value


def _png(svg: str) -> str:
    # To draw a figure takes as long as to run its notebook, and most figures stay as they are when a notebook is run again.
    key = hashlib.sha256(f"{importlib.metadata.version('resvg-py')} {PNG_WIDTH} {svg}".encode()).hexdigest()
    drawn = cache.get(key)
    if drawn is None:
        drawn = charts.to_png(svg, PNG_WIDTH)
        cache.put(key, drawn)
    return base64.b64encode(drawn).decode("ascii")


@lru_cache(maxsize=1)
def _exporter() -> Any:
    """nbconvert's basic template with blocks of our own; made once, since making it takes longer than a page."""
    from nbconvert import HTMLExporter
    from nbconvert.filters import Highlight2HTML

    exporter = HTMLExporter(template_name="notebook", extra_template_basedirs=[str(paths.REPORT_TEMPLATES)])
    exporter.exclude_input = exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    exporter.exclude_anchor_links = True
    exporter.register_filter("markdown2html", lambda text: prose.html(text, trusted=True))  # its own has no anchors
    exporter.register_filter("without_style", lambda html: STYLE.sub("", html))
    exporter.register_filter("highlight_code", Highlight2HTML())  # named by the template, though no code is shown
    return exporter


def _fragment(notebook: Any, **resources: Any) -> str:
    """The notebook as an HTML fragment without code and without its first cell.

    ``resources`` are for the template: ``prefix`` of the files, whether there is a ``png``, the page of the ``claims``.
    """
    from nbconvert import TemplateExporter

    notebook = copy.copy(notebook)
    notebook["cells"] = notebook.cells[1:]
    # The exporter's own method takes the page apart once more, to describe pictures and JupyterLab's cells: none is here.
    return TemplateExporter.from_notebook_node(_exporter(), notebook, resources=resources)[0]
