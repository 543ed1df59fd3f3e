"""`make notebooks` and `make outputs`, with notebooks that are not run: what they would show is made up."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.report import manifest, notebooks, stored
from analysis.report.progress import Progress
from analysis.values import paths


class Told(Progress):
    def __init__(self) -> None:
        self.names: list[str] = []

    def changed(self, name: str) -> None:
        self.names.append(name)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "BUILD", tmp_path / "build")
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path / "notebooks")
    (tmp_path / "notebooks").mkdir()
    path = tmp_path / "notebooks" / "01_page.ipynb"
    cells = [new_markdown_cell("# A question"), new_code_cell("as_of = 1", metadata={"tags": ["parameters"]})]
    notebooks.write(
        notebooks.normalised(new_notebook(cells=[*cells, new_code_cell("first"), new_code_cell("second")])), path
    )
    return path


def shows(monkeypatch: pytest.MonkeyPatch, saves: list[Path] | None = None) -> None:
    """Let a run show each cell's source as a table of that name; a path in ``saves`` is saved while it runs, once."""

    def each(function: Any, tasks: list[Any], **_: Any) -> Any:
        for number, (source, target, _) in enumerate(tasks):
            notebook = nbformat.read(source, as_version=4)
            for cell in notebook.cells[2:]:
                info = {"ledger": {"kind": "table", "name": cell.source}}
                cell.outputs = [new_output("execute_result", data={"text/plain": cell.source}, metadata=info)]
            target.parent.mkdir(parents=True, exist_ok=True)
            notebooks.write(notebook, target)
            for path in [saves.pop()] if saves else []:
                path.write_text(path.read_text().replace("first", "edited"))
            yield number, 0.0, None

    monkeypatch.setattr(notebooks, "each", each)


def outputs(path: Path) -> list[str]:
    return [
        output["data"]["text/plain"]
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
    ]


def test_what_a_run_shows_is_stored_and_then_nothing_differs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shows(monkeypatch)
    found = ["01_page.ipynb, cell 2: table first changed", "01_page.ipynb, cell 3: table second changed"]
    assert list(stored.differences()) == found
    stored.renew()
    assert outputs(page) == ["first", "second"]
    assert list(stored.differences()) == []


def test_a_notebook_saved_meanwhile_is_run_again_and_not_overwritten(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shows(monkeypatch, saves=[page])
    told = Told()
    stored.renew(told)
    assert outputs(page) == ["edited", "second"]
    assert [Path(name).name for name in told.names] == ["01_page.ipynb"]


def test_a_notebook_saved_all_the_time_is_named_and_left_as_it_is(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shows(monkeypatch, saves=[page] * 9)
    with pytest.raises(manifest.InputsChanged, match=r"01_page.ipynb was saved while it was being read"):
        stored.renew()
    assert outputs(page) == []
