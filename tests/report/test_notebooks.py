import multiprocessing
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.report import notebooks, site
from analysis.values import paths
from analysis.views import parameters


@pytest.fixture
def write_notebook(tmp_path):
    def write(*sources, name="page.ipynb"):
        cells = [new_markdown_cell("# A question"), *(new_code_cell(source) for source in sources)]
        cells[1].metadata["tags"] = ["parameters"]
        path = tmp_path / name
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
        return path

    return write


def outputs(path):
    return [o for cell in nbformat.read(path, as_version=4).cells for o in cell.get("outputs", [])]


def test_values_reach_the_notebook_and_the_others_keep_their_defaults(write_notebook, tmp_path):
    source = write_notebook('as_of = "latest"\nmin_origins = 1', "print(as_of, min_origins)")
    notebooks.run(source, tmp_path / "out" / "page.ipynb", {"min_origins": 3, "country": "SWZ"})
    assert [output["text"] for output in outputs(tmp_path / "out" / "page.ipynb")] == ["latest 3\n"]


def test_an_unknown_parameter_is_an_error_before_anything_runs(write_notebook, tmp_path):
    with pytest.raises(parameters.ParameterError, match='parameter "asof": rule: a known name'):
        notebooks.run(write_notebook("as_of = 1"), tmp_path / "out.ipynb", {"asof": "latest"})
    assert not (tmp_path / "out.ipynb").exists()


def test_a_failing_cell_is_named_with_its_error_and_the_half_run_copy(write_notebook, tmp_path):
    source = write_notebook("as_of = 1", "print('before')", "1 / 0")
    with pytest.raises(notebooks.NotebookError) as error:
        notebooks.run(source, tmp_path / "out.ipynb")
    copy = paths.relative(tmp_path / "out.ipynb")
    assert (
        str(error.value)
        == f"notebook page.ipynb, cell 3: ZeroDivisionError: division by zero; the half-run copy is {copy}"
    )
    assert "before" in str(outputs(tmp_path / "out.ipynb"))


def test_what_a_cell_writes_to_stderr_is_a_failure(write_notebook, tmp_path):
    source = write_notebook("as_of = 1", "import warnings\nwarnings.warn('look here')")
    with pytest.raises(notebooks.NotebookError, match="cell 2: wrote to stderr"):
        notebooks.run(source, tmp_path / "out.ipynb")


def test_a_notebook_that_hangs_is_stopped_and_its_cell_named(write_notebook, tmp_path):
    with pytest.raises(notebooks.NotebookError, match=r"page.ipynb, cell 2: A cell timed out .* after 2 seconds"):
        notebooks.run(write_notebook("as_of = 1", "import time; time.sleep(60)"), tmp_path / "out.ipynb", timeout=2)


PARAMETERS = new_code_cell('as_of = "latest"', metadata={"tags": ["parameters"]})
QUESTION = new_markdown_cell("# A question")


def stored(folder, cells):
    path = folder / "page.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([], "it has no cells: add its question, a cell of parameters, and what answers it"),
        ([PARAMETERS], ", cell 0: it does not begin with its question: write it into a Markdown cell, # How many …?"),
        (
            [QUESTION, new_code_cell("as_of = 1")],
            "no cell has the parameters, so that AS_OF would not reach it: "
            'give the tag "parameters" to the cell that sets as_of',
        ),
        (
            [QUESTION, PARAMETERS, nbformat.from_dict(PARAMETERS | {"id": "other"})],
            ", cell 2: a second cell with parameters: put them into one",
        ),
    ],
    ids=["no cells", "no heading", "no parameters", "parameters twice"],
)
def test_a_notebook_that_no_page_can_be_made_of_is_one_line(tmp_path, cells, message):
    with pytest.raises(notebooks.NotebookError) as error:
        notebooks.cells(stored(tmp_path, cells))
    assert str(error.value) == f"notebook page.ipynb{'' if message[0] == ',' else ': '}{message}"


RULE = 'rule: a parameter is a name and a literal, as_of = "latest"; fix: move it to a later cell'


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("as_of = min('a')", f"\"as_of = min('a')\": {RULE}"),
        ("import os", f'"import os": {RULE}'),
        ("as_of =", "line 1 is no Python: invalid syntax"),
        (
            "as_off = 'latest'",
            '"as_off": rule: one of as_of, region_scheme, programme, min_origins, country; '
            "fix: correct it, or move it to a later cell",
        ),
    ],
)
def test_a_parameter_that_is_no_literal_is_one_line(tmp_path, source, message):
    cell = new_code_cell(source, metadata={"tags": ["parameters"]})
    with pytest.raises(notebooks.NotebookError) as error:
        notebooks.defaults(stored(tmp_path, [QUESTION, cell]))
    assert str(error.value) == f"notebook page.ipynb, cell 1: {message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"cells": [\n<<<<<<< ours\n]}',
            "it holds the marks of a merge that was not finished: choose one side of each",
        ),
        (
            "{",
            "it is no notebook (Notebook does not appear to be JSON: '{'): restore it, or save it again in JupyterLab",
        ),
        ("\x00", "it is no notebook ("),
        (
            '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code"}]}',
            "it is no notebook (",
        ),
    ],
    ids=["merge", "cut off", "binary", "wrong shape"],
)
def test_a_file_that_is_no_notebook_is_one_line(tmp_path, text, message):
    path = tmp_path / "page.ipynb"
    path.write_text(text)
    with pytest.raises(notebooks.NotebookError) as error:
        notebooks.read(path)
    assert str(error.value).startswith(f"notebook page.ipynb: {message}")
    assert "\n" not in str(error.value)


def test_notebooks_of_free_work_are_none_of_the_report(tmp_path):
    (tmp_path / "explore").mkdir()
    for path in (tmp_path / "01_page.ipynb", tmp_path / "explore" / "mine.ipynb"):
        path.write_text("{}")
    assert notebooks.all_of(tmp_path) == [tmp_path / "01_page.ipynb"]


def test_what_an_analyst_shows_without_the_package_stands_on_the_page_as_what_it_is():
    shown = [
        new_output("stream", name="stdout", text="printed <b>\n"),
        new_output(
            "execute_result",
            data={"text/html": "<style>p {}</style><table><tr><td>7</td></tr></table>"},
        ),
        new_output("display_data", data={"text/plain": "<Figure>", "image/png": "iVBORw0KGgo="}),
        new_output("execute_result", data={"text/plain": "{'a': 1}"}),
    ]
    cells = [QUESTION, *(new_code_cell("…", outputs=[output]) for output in shown)]
    fragment = site.part(new_notebook(cells=cells), "01_page")["fragment"]
    for text in (
        "printed &lt;b&gt;",
        "<table><tr><td>7</td>",
        "data:image/png;base64,iVBORw0KGgo=",
        "{&#39;a&#39;: 1}",
    ):
        assert text in fragment
    assert "<style" not in fragment


def fail_or_hang(source, target, engine, timeout):
    if source == "fail":
        raise ValueError("at once")
    time.sleep(60)


def test_where_one_run_fails_none_goes_on_though_the_error_is_kept():
    with pytest.raises(ValueError, match="at once") as error:
        list(notebooks.each(fail_or_hang, [("hang", ""), ("fail", "")], jobs=2))
    assert multiprocessing.active_children() == []
    assert error.traceback


def test_two_runs_leave_the_same_bytes_without_clock_or_path(write_notebook, tmp_path):
    source = write_notebook("min_origins = 1", "min_origins")
    for name in ("a.ipynb", "b.ipynb"):
        notebooks.run(source, tmp_path / name, {"min_origins": 2})
    data = (tmp_path / "a.ipynb").read_bytes()
    assert data == (tmp_path / "b.ipynb").read_bytes()
    assert b"papermill" not in data
    assert str(tmp_path).encode() not in data
    assert nbformat.read(tmp_path / "a.ipynb", as_version=4).metadata["language_info"] == {"name": "python"}
