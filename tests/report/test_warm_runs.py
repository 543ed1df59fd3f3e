"""Warm runs show what ordinary kernels show: the same outputs, to the byte, for every notebook and every kind of output."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.report import notebooks
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
    "an exit": "raise SystemExit(3)",
}


def executed(folder, sources, warm):
    """What each notebook's cells show, with the error that ended it; ``sources`` is name → sources of cells."""
    outputs = {}
    tasks = []
    for name, cells in sources.items():
        path = folder / f"{name}.ipynb"
        found = [new_code_cell(source) for source in cells]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(new_notebook(cells=found, metadata={"kernelspec": kernel}), path)
        tasks.append((path, folder / f"{'warm' if warm else 'cold'}-{name}.ipynb", folder))
    for number, _, result in notebooks.each(show, tasks, jobs=2, warm=warm):
        outputs[tasks[number][0].stem] = result
    return outputs


def show(source, target, folder, engine, timeout):
    error = ""
    try:
        notebooks.run(source, target, {}, engine)
    except notebooks.NotebookError as problem:
        error = f"{problem.cell} {problem.error}"
    cells = [cell for cell in nbformat.read(target, as_version=4).cells if cell.cell_type == "code"]
    return [(cell.execution_count, cell.outputs) for cell in cells], error


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cells")
    sources = {name: ["import os", source, "'after'"] for name, source in CELLS.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST", raising=False)  # under which ipykernel leaves file descriptors alone
        return [executed(folder, sources, warm) for warm in (True, False)]


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_shows_what_it_shows_on_an_ordinary_kernel(both, name):
    warm, ordinary = (found[name] for found in both)
    assert warm == ordinary
    _, outputs = warm[0][1]
    assert bool(outputs) == (name != "nothing")


def test_every_notebook_shows_the_same_bytes_on_both(tmp_path):
    made = []
    for warm in (True, False):
        folder = tmp_path / str(warm)
        tasks = [(path, folder / path.name, {}) for path in notebooks.all_of()]
        list(notebooks.each(notebooks.run, tasks, warm=warm))
        made.append({path.name: path.read_bytes() for path in folder.glob("*.ipynb")})
    assert made[0] == made[1]
    assert len(made[0]) == len(notebooks.all_of())


def test_where_processes_cannot_be_forked_an_ordinary_kernel_is_used(tmp_path, monkeypatch):
    monkeypatch.setattr(forks, "possible", lambda: False)
    found = executed(tmp_path, {"page": ["import sys", "'analysis.report.preloaded' in sys.modules"]}, warm=True)
    assert found["page"][0][1][1][0]["data"] == {"text/plain": "False"}


def test_the_helper_does_not_hold_what_would_lose_the_first_figure(tmp_path):
    source = (
        "import sys\n['analysis.report.preloaded' in sys.modules, 'matplotlib_inline.backend_inline' in sys.modules]"
    )
    found = executed(tmp_path, {"page": [source]}, warm=True)
    assert found["page"][0][0][1][0]["data"] == {"text/plain": "[True, False]"}


def test_a_kernel_of_the_provisioner_is_a_fork_and_ends_with_its_client():
    code = (
        "from jupyter_client.manager import start_new_kernel\n"
        "import os\n"
        "if __name__ == '__main__':\n"
        "    manager, client = start_new_kernel(kernel_name='python3')\n"
        "    client.execute_interactive('import os, sys; print(os.getppid(), \"colorsys\" in sys.modules)')\n"
        "    print(manager.provisioner.pid)\n"
        "    client.stop_channels()\n"
        "    manager.shutdown_kernel()\n"
        "    print(manager.provisioner)\n"
    )
    environment = os.environ | {"JUPYTER_DEFAULT_PROVISIONER_NAME": "warm", "WARM_PRELOAD": "colorsys"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    lines = done.stdout.split("\n")
    assert lines[0].endswith(" True"), done.stderr
    assert not os.path.exists(f"/proc/{lines[1]}")
