"""A notebook run in a fork shows what an ordinary kernel shows: the same outputs for every kind of output, to the byte."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from warmkernel import forks

pytestmark = pytest.mark.skipif(not forks.possible(), reason="processes cannot be forked from a warm helper here")

CELLS = {
    "a result": "{'b': [1, 2], 'a': 'text'}",
    "nothing": "value = 3",
    "printed before a result": "print('one')\nprint('two', end='')\n'three'",
    "displays in order": "from IPython.display import display, Markdown, HTML\nprint('a')\ndisplay(Markdown('*b*'))\n"
    "print('c')\ndisplay(HTML('<b>d</b>'), metadata={'kind': 'x'})\n'e'",
    "a display updated later": "from IPython.display import display\nhandle = display('first', display_id='one')\n"
    "handle.update('second')",
    "output cleared": "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('left')",
    "output cleared when there is more": "from IPython.display import clear_output\nprint('gone')\n"
    "clear_output(wait=True)\nprint('left')",
    "a frame": "import pandas as pd\npd.DataFrame({'x': [1, 2.5], 'y': ['a', None]})",
    "a figure of pyplot": "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.title('drawn')\nprint('before')",
    "two figures, one shown by hand": "import matplotlib.pyplot as plt\nplt.figure()\nplt.plot([1, 2])\nplt.show()\n"
    "plt.figure()\nplt.bar([1], [2])",
    "a picture": "from IPython.display import Image\nimport base64\nImage(base64.b64decode('R0lGODlhAQABAAAAACw='))",
    "stderr and a warning": "import sys, warnings\nwarnings.simplefilter('always')\nprint('to stdout')\n"
    "print('to stderr', file=sys.stderr)",
    "what a child process prints": "import os\nstatus = os.system('echo from a child; echo to stderr >&2')",
    "a loop that is running": "import asyncio\nawait asyncio.sleep(0)\nasyncio.get_running_loop().is_running()",
    "the last results": "1 + 1\n_, Out[max(Out)] if Out else None, len(In)",
    "where it runs": "import os, sys\n(os.path.basename(os.getcwd()), '' in sys.path, sys.stdout.encoding, __name__)",
    "the environment": "import os\n[os.environ.get(name) for name in ('TERM', 'CLICOLOR', 'PAGER', 'MPLBACKEND')]",
    "an input that nobody answers": "try:\n    input('?')\nexcept Exception as error:\n    print(type(error).__name__)",
    "a magic": "%precision 2\n3.14159",
    "an error": "def inner(x):\n    return 1 / x\n\ninner(0)",
    "an error of syntax": "if True print('x')",
    "an error after output": "print('before')\nraise ValueError('because <b>')",
    "an error while it is shown": "class Bad:\n    def _repr_html_(self):\n        raise RuntimeError('no html')\n"
    "    def __repr__(self):\n        return 'Bad()'\n\nBad()",
}

RAISES = {"an error", "an error of syntax", "an error after output"}
WIDGETS = [
    "import ipywidgets",
    "box = ipywidgets.Output()\nbox",
    "print('outside')\nwith box:\n    print('inside')\nprint('outside again')",
    "ipywidgets.IntSlider(value=3)",
]
PRELOAD = ["warmkernel.engine", "pandas", "matplotlib"]


@pytest.fixture(scope="module", autouse=True)
def helper() -> None:
    forks.warm(PRELOAD)


def write(path: Path, sources: dict[str, str] | list[str]) -> Path:
    """A notebook with a cell for each source; those named in :data:`RAISES` may fail."""
    named = sources.items() if isinstance(sources, dict) else enumerate(sources)
    cells = [
        new_code_cell(text, metadata={"tags": ["raises-exception"] if name in RAISES else []}) for name, text in named
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def execute(source: Path, target: Path, engine: str | None) -> Any:
    """Run a notebook by papermill; what its cells show, and the state of its widgets, if any."""
    import papermill

    options = {"request_save_on_cell_execute": False} if engine else {"execution_timeout": 60}
    target.parent.mkdir(exist_ok=True)
    ended: list[Any] = []
    try:
        papermill.execute_notebook(
            source,
            target,
            engine_name=engine,
            kernel_name="python3",
            progress_bar=False,
            cwd=str(target.parent),
            coalesce_streams=True,
            **options,
        )
    except papermill.PapermillExecutionError as problem:
        ended = [problem.cell_index, problem.ename, problem.evalue]
    notebook = nbformat.read(target, as_version=4)
    shown = [[cell.execution_count, cell.outputs] for cell in notebook.cells if cell.cell_type == "code"]
    widgets = notebook.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    return [*shown, sorted(same_identifiers(state) for state in widgets.values()), ended]


def both(folder: Path, sources: dict[str, str] | list[str]) -> list[Any]:
    """What a notebook shows in a fork, and what it shows on an ordinary kernel."""
    path = write(folder / "page.ipynb", sources)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST", raising=False)  # under which ipykernel leaves file descriptors alone
        ((_, _, forked),) = forks.run(execute, [(path, folder / "run" / "page.ipynb", "warm")], patience=60)
        return [forked, execute(path, folder / "run" / "page.ipynb", None)]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    return both(tmp_path_factory.mktemp("cells"), CELLS)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_shows_what_it_shows_on_an_ordinary_kernel(shown: list[Any], name: str) -> None:
    number = list(CELLS).index(name)
    forked, ordinary = (found[number] for found in shown)
    assert forked == ordinary
    assert bool(forked[1]) == (name != "nothing")


def test_widgets_that_catch_output_catch_it(tmp_path: Path) -> None:
    pytest.importorskip("ipywidgets", reason="ipywidgets is not installed")
    forked, ordinary = (same_identifiers(found) for found in both(tmp_path, WIDGETS))
    assert forked == ordinary
    assert "'text': 'inside\\\\n'" in forked


def same_identifiers(shown: Any) -> str:
    """The text of what is shown, without the random identifiers of its widgets."""
    return re.sub(r"[0-9a-f]{32}", "widget", str(shown))


@pytest.mark.parametrize("source", ["1 / 0", "raise SystemExit(3)"])
def test_a_cell_that_ends_the_run_ends_it_with_the_same_error(tmp_path: Path, source: str) -> None:
    forked, ordinary = both(tmp_path, ["value = 1", source, "'after'"])
    assert forked == ordinary
    assert forked[-1][0] == 1


def in_forks(folder: Path, sources: list[str], **options: Any) -> Any:
    path = write(folder / "page.ipynb", sources)
    tasks = [(path, folder / "run" / "page.ipynb", "warm")]
    ((_, _, result),) = forks.run(execute, tasks, **options)
    return result


def test_the_helper_does_not_hold_what_would_lose_the_first_figure(tmp_path: Path) -> None:
    source = "import sys\n['warmkernel.engine' in sys.modules, 'matplotlib_inline.backend_inline' in sys.modules]"
    assert in_forks(tmp_path, [source])[0][1][0]["data"] == {"text/plain": "[True, False]"}


def test_a_second_process_that_a_cell_forks_ends_with_the_cell(tmp_path: Path) -> None:
    found = in_forks(tmp_path, ["import os\nchild = os.fork()\nprint('here')", "print('after')"], patience=30)
    assert [cell[1][0]["text"] for cell in found[:2]] == ["here\n", "after\n"]


def test_a_run_that_dies_says_in_which_cell(tmp_path: Path) -> None:
    lost = in_forks(tmp_path, ["1", "import os; os.kill(os.getpid(), 9)"])
    assert (lost.step, str(lost)) == (1, "its process was killed by SIGKILL")
