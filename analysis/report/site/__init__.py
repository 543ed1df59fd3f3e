"""The report as files: pages, tables, figures and data, from executed notebooks and the ledger. Writes into one folder.

Which page comes from where is said here and nowhere else.

From notebooks (``harvest``): one page for each numbered notebook, with its tables and figures, and ``01_claims`` with the
claims behind it; what an analyst changes there changes on the page. ``countries/XXX.html`` holds what ``country_brief`` shows
of the country, below the site's own box and chronology.

Built by the site from the views: ``index`` (``first``), ``countries`` and the top of each country page (``countries``),
``claims`` with ``claims/XXX`` (``claims``), ``numbers/NAME`` (``numbers``), ``sources``, ``denials``, ``find`` (``lists``),
``changes`` with ``changes/YYYY-MM`` and ``feed.xml`` (``changes``), ``method``, ``coding``, ``codebook``, ``corrections``
(``prose``), ``editions/index`` (``editions``), ``search-index.js`` (``search_index``). ``pages`` is the frame around each of
them, ``addresses`` decides which addresses outside may become links.

What belongs elsewhere: running the notebooks (``report.notebooks``), putting the folder in its place (``report.edition``).

Typical use::

    site.write(folder, names, parts.__getitem__, ledger, parameters)
"""

import base64
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from analysis.display import links
from analysis.ledger import Ledger
from analysis.report import dataset
from analysis.report.site import changes, claims, countries, editions, first, lists, numbers, prose, search_index
from analysis.report.site.harvest import BRIEF, COUNTRIES, claims_page, country_of, part, prefix, shown
from analysis.report.site.pages import STATIC, Pages
from analysis.report.site.prose import write_codebook
from analysis.views import answers, denials, sensitivity
from analysis.views.parameters import Parameters

__all__ = ["BRIEF", "COUNTRIES", "claims_page", "part", "prefix", "shown", "write", "write_codebook", "write_editions"]


def write(
    folder: Path, names: Iterable[str], read: Callable[[str], dict], ledger: Ledger, parameters: Parameters
) -> None:
    """Write the whole report into the empty ``folder``.

    ``names`` are the pages that come from notebooks, in order; ``read(name)`` gives the :func:`part` of each. ``ledger`` is
    what is known on the chosen day, ``parameters`` are those of the edition.
    """
    folder = Path(folder)
    for name in ("tables", "figures", f"{COUNTRIES}/tables", f"{COUNTRIES}/figures"):
        (folder / name).mkdir(parents=True)
    questions = {name: read(name) for name in names if not country_of(name)}
    briefs = {country_of(name): name for name in names if country_of(name)}
    pages = Pages(
        folder, ledger, parameters, {name: part["question"] for name, part in questions.items() if name != BRIEF}
    )
    found = answers.frames(ledger, parameters)
    computed = answers.compute(ledger, parameters, found)
    denied = denials.listed(ledger, parameters)
    months = changes.by_month(ledger, parameters)

    for name, content in questions.items():
        _files(folder, prefix(name), content)
        if name != BRIEF:
            pages.write(f"{name}.html", content["question"], pages.render("question.html.j2", part=content))
            if content["claims"]:
                body = pages.render("behind.html.j2", question=content["question"], table=content["claims"])
                crumbs = (("index.html", "Overview"), (f"{name}.html", content["question"]))
                pages.write(claims_page(name), "The claims behind it", body, crumbs)
    views = countries.views(pages, found, denied)
    for code in countries.codes(ledger, briefs):
        brief = read(briefs[code]) if code in briefs else None
        if brief:
            _files(folder / COUNTRIES, code, brief)
        countries.write_one(pages, code, views, brief["fragment"] if brief else "")
    countries.write_list(pages, found.countries)
    choices = sensitivity.by_choice(ledger, parameters)
    first.write(pages, questions, computed, choices, months)
    claims.write(pages)
    numbers.write(pages, computed)
    lists.write(pages, denied)
    changes.write(pages, months)
    prose.write(pages)
    search_index.write(pages)
    _data(folder, computed, ledger, parameters)


def write_editions(folder: Path, names: Iterable[str], read: Callable[[str], dict], ledger: Ledger) -> None:
    """Write the list of the editions in ``folder``, in the frame of the report above it; the rest is as for :func:`write`."""
    folder = Path(folder)
    questions = {name: read(name)["question"] for name in names if not country_of(name) and name != BRIEF}
    editions.write(folder, Pages(folder.parent, ledger, Parameters(), questions))


def _files(folder: Path, start: str, content: dict) -> None:
    """The tables and figures of one notebook as files."""
    for name, text in content["tables"].items():
        (folder / "tables" / f"{start}_{name}.csv").write_text(text, encoding="utf-8", newline="")
    for name, figure in content["figures"].items():
        target = folder / "figures" / f"{start}_{name}.svg"
        up = "../" * (2 if folder.name == "countries" else 1)
        target.write_text(figure["svg"].replace(f'href="{links.REPORT}', f'href="{up}'), encoding="utf-8", newline="")
        if "png" in figure:
            target.with_suffix(".png").write_bytes(base64.b64decode(figure["png"]))


def _data(folder: Path, computed: dict[str, answers.Answer], ledger: Ledger, parameters: Parameters) -> None:
    """The data of the edition, the published numbers, and what every page needs."""
    dataset.write(folder / "data", ledger, parameters)
    found = {
        name: {"value": answer.value, "label": answer.label, "unit": answer.unit, "claims": list(answer.claim_ids)}
        for name, answer in computed.items()
    }
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    (folder / "data" / "answers.json").write_text(text, encoding="utf-8")
    for source in sorted(STATIC.rglob("*.*")):
        target = folder / "static" / source.relative_to(STATIC)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
