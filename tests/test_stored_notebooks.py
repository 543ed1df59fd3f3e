"""The stored notebooks: what nbval would let pass."""

import ast
import re

import nbformat
import pytest

from analysis.report import notebooks, site
from analysis.values import paths

NOTEBOOKS = notebooks.all_of()


@pytest.fixture(params=NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_every_code_cell_was_run_in_order(notebook):
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))


def test_every_notebook_has_outputs_that_nbval_compares(notebook):
    kinds = [info["kind"] for info, data in site.shown(notebook) if "text/plain" in data]
    assert kinds.count("headline") == 1
    assert kinds.count("sentence") >= 1
    assert {"table", "figure"} <= set(kinds)


def test_no_notebook_defines_a_function_uses_a_magic_or_hides_an_output(notebook):
    for cell in code(notebook):
        tree = ast.parse(cell.source)  # a magic or a shell line would not parse
        assert not [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef | ast.Lambda)]
        assert not cell.source.rstrip().endswith(";")
        assert not re.search(r"open\(|to_csv|savefig|(?<!\w)/(home|root|tmp|usr|work)/", cell.source)


def test_no_output_is_an_error_a_warning_or_an_address(notebook):
    for cell in code(notebook):
        for output in cell.outputs:
            assert output.output_type == "execute_result" or output.name == "stdout"
            text = output.text if output.output_type == "stream" else output.data["text/plain"]
            assert not re.search(r" at 0x[0-9a-f]+|(?<!\w)/(home|root|tmp|usr|work)/", text)


def test_the_figure_stands_beside_the_table_behind_it(notebook):
    kinds = [info["kind"] for info, _ in site.shown(notebook)]
    for number, kind in enumerate(kinds):
        if kind == "figure":
            assert "table" in kinds[number + 1 : number + 2]


def test_parameters_are_one_tagged_cell_of_commented_literals(notebook):
    (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    for line in cell.source.splitlines():
        assert re.fullmatch(r"[a-z_]+ = (\"[^\"]*\"|\d+)  # .+", line)


def test_a_notebook_begins_with_its_question_and_three_lines_of_what_is_counted(notebook):
    first = notebook.cells[0].source.splitlines()
    assert first[0].startswith("# ")
    assert len([line for line in first[1:] if line.strip()]) == 3


def test_notebooks_are_stored_as_a_run_leaves_them(notebook):
    again = notebooks.normalised(nbformat.from_dict(notebook))
    assert again == notebook


@pytest.mark.parametrize("folder", ["tables", "figures"])
def test_the_published_tables_and_figures_are_those_of_the_stored_notebooks(folder):
    kind, ending, mime = {"tables": ("table", "csv", "text/csv"), "figures": ("figure", "svg", "image/svg+xml")}[folder]
    made = {}
    for path in NOTEBOOKS:
        for info, data in site.shown(nbformat.read(path, as_version=4)):
            if info["kind"] == kind:
                # A figure's links lead into the report, which a file in its folder sees from within.
                made[f"{site.prefix(path)}_{info['name']}.{ending}"] = data[mime].replace(
                    'href="../reports/', 'href="../'
                )
    stored = {p.name: p.read_text(encoding="utf-8") for p in (paths.REPORTS / folder).glob(f"*.{ending}")}
    assert sorted(stored) == sorted(made)
    assert [name for name in made if stored[name] != made[name]] == []
