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

    report = site.Report(folder, {"01_countries_by_region": "How many …?"}, parts.__getitem__, ledger, parameters)
    for group in report.groups:
        report.write(group)
"""

import base64
import json
import re
import shutil
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from analysis.display import links, tables
from analysis.ledger import Ledger
from analysis.report import dataset
from analysis.report.site import changes, claims, countries, editions, first, lists, numbers, prose, search_index
from analysis.report.site.harvest import BRIEF, CLAIMS, COUNTRIES, claims_page, country_of, part, prefix, shown
from analysis.report.site.pages import STATIC, Pages
from analysis.report.site.prose import write_codebook
from analysis.views import answers, denials, sensitivity
from analysis.views.parameters import Parameters

FIRST_CELL = re.compile(r"^c\d+", re.MULTILINE)  # of a table of claims as CSV: the claim's number

__all__ = [
    "BRIEF",
    "COUNTRIES",
    "Report",
    "claims_page",
    "part",
    "prefix",
    "shown",
    "write_codebook",
    "write_editions",
]


class Report:
    """A report that is written group by group, in any order. A group is a page, or several pages that are made together.

    ``questions`` are the pages that come from notebooks, name → question, in order; ``read(name)`` gives the :func:`part` of
    each. ``ledger`` is what is known on the chosen day, ``parameters`` are those of the edition. What several groups need is
    computed once, when the first of them is written.
    """

    def __init__(
        self,
        folder: Path,
        questions: Mapping[str, str],
        read: Callable[[str], dict],
        ledger: Ledger,
        parameters: Parameters,
    ) -> None:
        asked = {name: question for name, question in questions.items() if not country_of(name) and name != BRIEF}
        self.pages = Pages(Path(folder), ledger, parameters, asked)
        self._read, self._alone = read, False
        self._briefs = {country_of(name): name for name in questions if country_of(name)}
        self._behind = {claims_page(name): name for name in asked}
        self._writers: dict[str, Callable[[], None]] = {
            **{name: partial(self._question, name) for name in asked},
            **({BRIEF: self._brief} if BRIEF in questions else {}),
            **{f"{COUNTRIES}/{code}": partial(self._country, code) for code in countries.codes(ledger, self._briefs)},
            COUNTRIES: lambda: countries.write_list(self.pages, self._frames.countries),
            "index": self._first,
            "claims": lambda: claims.write(self.pages, self._claims),
            "numbers": lambda: numbers.write(self.pages, self._answers, self._claims),
            "lists": lambda: lists.write(self.pages, self._denials),
            "changes": lambda: changes.write(self.pages, self._months),
            "prose": lambda: prose.write(self.pages),
            "search-index": lambda: search_index.write(self.pages),
            "data": self._data,
            "static": self._static,
        }

    @property
    def groups(self) -> list[str]:
        """What can be written, in the order in which a whole report is."""
        return list(self._writers)

    def write(self, group: str, alone: bool = False) -> None:
        """Write the files of one group, over those that are there.

        ``alone`` is for the first group of which somebody waits: what other groups could share is not computed for it, where
        a part will do. The files are the same.
        """
        self._alone = alone
        self._writers[group]()

    def group_of(self, file: str) -> str:
        """The group that writes a file of the report: ``claims/RWA.html`` → ``claims``; blank if none does."""
        stem, top = file.removesuffix(".html"), file.split("/")[0]
        if file in lists.PAGES:
            return "lists"
        if file in prose.PAGES:
            return "prose"
        several = {"feed.xml": "changes", "search-index.js": "search-index"} | self._behind
        return next((group for group in (stem, several.get(file, ""), top) if group in self._writers), "")

    def notebooks_of(self, group: str) -> list[str]:
        """The pages from notebooks of which a group shows something."""
        if group == "index":
            return list(self.pages.questions)
        return [group] if group in (*self.pages.questions, BRIEF, *self._briefs.values()) else []

    @cached_property
    def _frames(self) -> answers.Frames:
        return answers.frames(self.pages.ledger, self.pages.parameters)

    @cached_property
    def _answers(self) -> dict[str, answers.Answer]:
        return answers.compute(self.pages.ledger, self.pages.parameters, self._frames)

    @cached_property
    def _claims(self) -> list[dict]:
        return claims.rows(self.pages)

    @cached_property
    def _denials(self) -> pd.DataFrame:
        return denials.statements(self.pages.ledger, denials.listed(self.pages.ledger, self.pages.parameters))

    @cached_property
    def _months(self) -> list[changes.Month]:
        return changes.by_month(self.pages.ledger, self.pages.parameters)

    @cached_property
    def _views_of_countries(self) -> countries.Views:
        return countries.views(self.pages.ledger, self.pages.parameters, self._frames)

    def _views_of_country(self, code: str) -> countries.Views:
        """For the page of this country the same as :attr:`_views_of_countries`, in half the time: no other is in them."""
        part, chosen = self.pages.ledger.about(code), self.pages.parameters
        return countries.views(part, chosen, answers.frames(part, chosen))

    @cached_property
    def _choices(self) -> pd.DataFrame:
        return sensitivity.by_choice_and_quantity(self.pages.ledger, self.pages.parameters, self._frames)

    def _first(self) -> None:
        parts = {name: self._read(name) for name in self.pages.questions}
        first.write(self.pages, parts, self._answers, sensitivity.in_columns(self._choices), self._months)

    def _question(self, name: str) -> None:
        content = self._read(name)
        _files(self.pages.folder, prefix(name), content)
        question = content["question"]
        self.pages.write(f"{name}.html", question, self.pages.render("question.html.j2", part=content))
        if CLAIMS in content["tables"]:
            table = Markup(tables.claims(self.pages.ledger, FIRST_CELL.findall(content["tables"][CLAIMS])).to_html())
            body = self.pages.render("behind.html.j2", question=question, table=table)
            crumbs = (("index.html", "Overview"), (f"{name}.html", question))
            self.pages.write(claims_page(name), "The claims behind it", body, crumbs)

    def _brief(self) -> None:
        """Its tables and figures alone: countries have pages of their own."""
        _files(self.pages.folder, prefix(BRIEF), self._read(BRIEF))

    def _country(self, code: str) -> None:
        # Computed while the notebook may still be running.
        views, fragment = self._views_of_country(code) if self._alone else self._views_of_countries, ""
        if code in self._briefs:
            brief = self._read(self._briefs[code])
            _files(self.pages.folder / COUNTRIES, code, brief)
            fragment = brief["fragment"]
        countries.write_one(self.pages, code, views, fragment)

    def _data(self) -> None:
        """The data of the edition, and the published numbers."""
        folder = self.pages.folder / "data"
        shutil.rmtree(folder, ignore_errors=True)
        dataset.write(folder, self.pages.ledger, self.pages.parameters, self._choices, self._frames)
        found = {
            name: {"value": answer.value, "label": answer.label, "unit": answer.unit, "claims": list(answer.claim_ids)}
            for name, answer in self._answers.items()
        }
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        (folder / "answers.json").write_text(text, encoding="utf-8")

    def _static(self) -> None:
        """Style, scripts and fonts, which every page needs."""
        for source in sorted(STATIC.rglob("*.*")):
            target = self.pages.folder / "static" / source.relative_to(STATIC)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def write_editions(folder: Path, questions: Mapping[str, str], ledger: Ledger) -> None:
    """Write the list of the editions in ``folder``, in the frame of the report above it; the rest is as for :class:`Report`."""
    folder = Path(folder)
    asked = {name: question for name, question in questions.items() if not country_of(name) and name != BRIEF}
    editions.write(folder, Pages(folder.parent, ledger, Parameters(), asked))


def _files(folder: Path, start: str, content: dict) -> None:
    """The tables and figures of one notebook as files."""
    for kind in ("tables", "figures"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for name, text in content["tables"].items():
        (folder / "tables" / f"{start}_{name}.csv").write_text(text, encoding="utf-8", newline="")
    for name, figure in content["figures"].items():
        target = folder / "figures" / f"{start}_{name}.svg"
        up = "../" * (2 if folder.name == "countries" else 1)
        target.write_text(figure["svg"].replace(f'href="{links.REPORT}', f'href="{up}'), encoding="utf-8", newline="")
        if "png" in figure:
            target.with_suffix(".png").write_bytes(base64.b64decode(figure["png"]))
