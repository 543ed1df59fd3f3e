import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.report import notebooks
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


def test_two_runs_leave_the_same_bytes_without_clock_or_path(write_notebook, tmp_path):
    source = write_notebook("min_origins = 1", "min_origins")
    for name in ("a.ipynb", "b.ipynb"):
        notebooks.run(source, tmp_path / name, {"min_origins": 2})
    data = (tmp_path / "a.ipynb").read_bytes()
    assert data == (tmp_path / "b.ipynb").read_bytes()
    assert b"papermill" not in data
    assert str(tmp_path).encode() not in data
    assert nbformat.read(tmp_path / "a.ipynb", as_version=4).metadata["language_info"] == {"name": "python"}
