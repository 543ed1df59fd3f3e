"""The layers, read from the folders: who imports whom, who reads the ledger, who writes, who prints."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from analysis.values import paths

ROOT = paths.PROJECT / "analysis"
WARMKERNEL = paths.PROJECT / "warmkernel" / "src" / "warmkernel"
MODULES = sorted(ROOT.rglob("*.py"))
LAYERS = sorted(folder.name for folder in ROOT.iterdir() if (folder / "__init__.py").is_file())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").as_posix()


def layer_of(path: Path) -> str:
    """The folder a module stands in; for what stands in none, its own name."""
    return name_of(path).split("/")[0]


def imported_layers(path: Path) -> set[str]:
    """The layers that a module imports from, at its top or within a function, but for its own."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "analysis":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("analysis."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("analysis.")}
    return found & {*LAYERS, "__main__"} - {layer_of(path)}


def imports_by_layer() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {layer: set() for layer in LAYERS}
    for path in MODULES:
        found.setdefault(layer_of(path), set()).update(imported_layers(path))
    return found


def writers(pattern: str) -> set[str]:
    return {name_of(path) for path in MODULES if re.search(pattern, path.read_text(encoding="utf-8"))}


def test_imports_between_layers_form_no_circle_and_begin_with_values():
    graph = imports_by_layer()
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError where there is a circle
    assert graph["values"] == set()
    assert order[-1] == "__main__"


def test_nothing_but_the_command_line_imports_curation():
    assert [layer for layer, imported in imports_by_layer().items() if "curation" in imported] == ["__main__"]


def test_the_package_says_which_layers_there_are():
    text = ast.get_docstring(ast.parse((ROOT / "__init__.py").read_text(encoding="utf-8")))
    assert [layer for layer in LAYERS if not re.search(rf"\b{layer}\b", text)] == []


def test_warmkernel_knows_nothing_of_the_ledger():
    for path in WARMKERNEL.glob("*.py"):
        assert "analysis" not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path) != "__main__"], ids=name_of)
def test_only_the_command_line_prints(path):
    calls = [node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    assert "print" not in {call.id for call in calls if isinstance(call, ast.Name)}


def test_only_one_module_reads_the_tables_and_one_the_reference_table():
    assert writers(r"csv\.(reader|DictReader)|read_csv") == {"ledger/files", "values/countries"}


def test_only_the_report_and_the_command_line_write():
    writing = r"\.write_text\(|\.write_bytes\(|open\([^)]*[\"']w|copyfile\(|os\.replace\("
    assert {name.split("/")[0] for name in writers(writing)} <= {"report", "__main__"}
