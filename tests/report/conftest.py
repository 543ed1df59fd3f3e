"""The report made once of the stored notebooks, for the tests of its pages."""

import nbformat
import pytest

from analysis import ledger
from analysis.report import notebooks, site
from analysis.values import paths
from analysis.views.parameters import Parameters


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """What `make report` publishes with default parameters; of the countries only Rwanda's page has its notebook's part."""
    folder = tmp_path_factory.mktemp("site") / "report"
    sources = {path.stem: path for path in notebooks.all_of()}
    sources[f"{site.COUNTRIES}/RWA"] = paths.NOTEBOOKS / f"{site.BRIEF}.ipynb"
    parts = {name: site.part(nbformat.read(path, as_version=4), name) for name, path in sources.items()}
    chosen = Parameters()
    asked = {name: part["question"] for name, part in parts.items()}
    site.write(folder, asked, parts.__getitem__, chosen.apply(ledger.load()), chosen)
    (folder / "manifest.json").write_text('{"as_of": "2026-07-31", "parameters": {}}', encoding="utf-8")
    site.write_editions(folder / "editions", asked, chosen.apply(ledger.load()))
    return folder
