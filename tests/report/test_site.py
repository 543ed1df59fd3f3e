"""The report's pages: links that lead somewhere, nothing from elsewhere, and no barrier that axe-core finds."""

import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser

import nbformat
import pytest

from analysis import ledger
from analysis.ledger import schema
from analysis.report import notebooks, site
from analysis.values import paths
from analysis.views.parameters import Parameters

AXE = paths.PROJECT / "tests" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report made of the stored notebooks: what `make report` publishes with default parameters."""
    folder = tmp_path_factory.mktemp("site") / "report"
    sources = {path.stem: path for path in notebooks.all_of()}
    sources[f"{site.COUNTRIES}/RWA"] = paths.NOTEBOOKS / f"{site.BRIEF}.ipynb"
    parts = {name: site.part(nbformat.read(path, as_version=4), name) for name, path in sources.items()}
    chosen = Parameters()
    site.write(folder, list(parts), parts.__getitem__, chosen.apply(ledger.load()), chosen)
    return folder


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.targets, self.loads, self.ids, self.lang, self.images = [], [], [], None, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.lang = attrs.get("lang", self.lang) if tag == "html" else self.lang
        if tag == "a":
            self.targets.append(attrs["href"])
        if tag in ("script", "img", "iframe", "link", "source", "use", "image"):
            self.loads.append(attrs.get("src") or attrs.get("href") or attrs.get("xlink:href") or "inline")
        if tag == "svg":
            self.images.append((attrs.get("role"), attrs.get("aria-label")))


def pages(report):
    found = sorted(report.rglob("*.html"))
    return {path.relative_to(report).as_posix(): Links(path.read_text(encoding="utf-8")) for path in found}


def test_there_is_a_page_per_notebook_and_the_common_ones(report):
    stems = [path.stem for path in notebooks.all_of()]
    common = ["index", "countries", "claims", "sources", "codebook", "countries/RWA"]
    assert sorted(pages(report)) == sorted(f"{stem}.html" for stem in [*stems, *common])


def test_every_link_leads_to_a_file_or_place_that_is_there(report):
    found = pages(report)
    for name, page in found.items():
        for target in page.targets:
            if target.startswith("http"):
                continue
            file, _, place = target.partition("#")
            file = os.path.normpath(os.path.join(os.path.dirname(name), file)) if file else name
            if file.startswith("countries/") and file not in found:
                continue  # of the countries only Rwanda's page is made here
            if file not in found:
                assert (report / file).is_file() or file == "manifest.json", f"{name} links to {target}"
            if place:
                assert place in found[file].ids, f"{name} links to {target}"


def test_pages_load_nothing_from_elsewhere(report):
    for name, page in pages(report).items():
        loads = {load for load in page.loads if not load.startswith("#")}
        assert loads == {f"{'../' * name.count('/')}style.css", "data:,"}, name
    assert "url(" not in (report / "style.css").read_text(encoding="utf-8")


def test_every_figure_on_a_page_has_alt_text_and_three_files(report):
    for path in notebooks.all_of():
        notebook = nbformat.read(path, as_version=4)
        figures = [info for info, _ in site.shown(notebook) if info["kind"] == "figure"]
        page = pages(report)[f"{path.stem}.html"]
        assert [image for image in page.images if image[0] == "img"] == [("img", info["alt"]) for info in figures]
        for info in figures:
            for ending in ("svg", "png"):
                assert (report / "figures" / f"{site.prefix(path)}_{info['name']}.{ending}").stat().st_size > 1000


def test_every_table_on_a_page_is_the_csv_beside_it(report):
    for path in notebooks.all_of():
        for info, data in site.shown(nbformat.read(path, as_version=4)):
            if info["kind"] == "table":
                file = report / "tables" / f"{site.prefix(path)}_{info['name']}.csv"
                assert file.read_text(encoding="utf-8") == data["text/csv"]


def test_the_first_page_answers_its_questions_with_sentence_and_figure(report):
    text = (report / "index.html").read_text(encoding="utf-8")
    assert text.count('<p class="answer">') == len(site.ANSWERS) == 4
    assert text.count('<svg role="img"') == len(site.ANSWERS)


def test_pages_show_no_code(report):
    text = (report / "01_countries_by_region.html").read_text(encoding="utf-8")
    assert "standings.countries(" not in text
    assert "import " not in text


def test_every_claim_and_every_source_can_be_reached(report):
    book = ledger.load()
    found = pages(report)
    assert set(book.claims["claim_id"]) <= set(found["claims.html"].ids)
    assert set(book.claims["source_id"]) | set(book.claims["origin_id"]) <= set(found["sources.html"].ids)


def test_the_ledger_can_be_downloaded_with_its_schema(report):
    names = sorted(path.name for path in (report / "data").iterdir())
    assert names == sorted([*(f"{table}.csv" for table in (*schema.TABLES, schema.READINGS)), "datapackage.json"])


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: pages were not tried with axe-core")
@pytest.mark.skipif(not AXE.exists(), reason="no axe-core here (npm ci in tests/): pages were not tried with it")
def test_axe_finds_no_barrier_on_any_page(report, tmp_path):
    shutil.copyfile(AXE, report / "axe.js")
    script = (
        '<script src="axe.js"></script><script>axe.run(document,{runOnly:["wcag2a","wcag2aa","wcag21a","wcag21aa",'
        '"wcag22aa","best-practice"]}).then(r=>{const p=document.createElement("pre");p.id="axe";p.textContent='
        "JSON.stringify(r.violations.map(v=>[v.id,v.nodes.length,v.nodes[0].html.slice(0,120)]));"
        "document.body.replaceChildren(p)})</script></body>"
    )
    wrong = {}
    shutil.copyfile(AXE, report / "countries" / "axe.js")
    for page in sorted(report.rglob("*.html")):
        tried = page.with_name(f"try-{page.stem}.htm")
        tried.write_text(page.read_text(encoding="utf-8").replace("</body>", script), encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        options += ["--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND"]
        options += [
            f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=60000",
            "--dump-dom",
            tried.as_uri(),
        ]
        shown = subprocess.run([CHROMIUM, *options], capture_output=True, text=True, timeout=180, check=False).stdout
        found = re.search(r'<pre id="axe">(.*?)</pre>', shown, flags=re.DOTALL)
        assert found, f"axe-core did not run on {page.name}"
        if violations := json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")):
            wrong[page.name] = violations
    assert wrong == {}
