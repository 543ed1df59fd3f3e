"""The report made once of the stored notebooks, for the tests of its pages; and a browser."""

import shutil

import nbformat
import pytest

from analysis import ledger
from analysis.report import notebooks, site
from analysis.values import paths
from analysis.views.parameters import Parameters


@pytest.fixture(scope="module")  # playwright keeps an event loop, in which no notebook could run
def browser():
    """Chromium, without a window; where it or playwright cannot be had, the test skips."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright here: not tried in a browser")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("no Chromium here: not tried in a browser")
    with playwright.sync_playwright() as driver:
        # Tests run as root in containers, in which the sandbox cannot be set up.
        started = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """What `make report` publishes with default parameters; of the countries only Rwanda's page has its notebook's part."""
    folder = tmp_path_factory.mktemp("site") / "report"
    sources = {path.stem: path for path in notebooks.all_of()}
    sources[f"{site.COUNTRIES}/RWA"] = paths.NOTEBOOKS / f"{site.BRIEF}.ipynb"
    parts = {name: site.part(nbformat.read(path, as_version=4), name) for name, path in sources.items()}
    chosen = Parameters()
    asked = {name: part["question"] for name, part in parts.items()}
    report = site.Report(folder, asked, parts.__getitem__, chosen.apply(ledger.load()), chosen)
    for group in report.groups:
        report.write(group)
    (folder / "manifest.json").write_text('{"as_of": "2026-07-31", "parameters": {}}', encoding="utf-8")
    site.write_editions(folder / "editions", asked, chosen.apply(ledger.load()))
    return folder
