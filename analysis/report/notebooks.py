"""Running notebooks: papermill, strictly. Unknown parameters are refused, outputs on stderr are failures.

A run leaves no clock, no random id and no machine's path in the notebook. What belongs elsewhere: what is in the
notebooks (they say it themselves) and what is made of them (``site``).
"""

import ast
import json
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat

from analysis.values import paths
from analysis.views import parameters
from warmkernel import forks

CELL_TIMEOUT = 120  # seconds, unless the caller gives another
ORDINARY, WARM = None, "warm"  # papermill's engines
PRELOADED = "analysis.report.preloaded"


@dataclass
class NotebookError(Exception):
    """A notebook did not run to its end. Names the notebook, the cell, the error, and the half-run copy."""

    notebook: str
    cell: int
    error: str
    copy: str = ""

    def __str__(self):
        tail = f"; the half-run copy is {self.copy}" if self.copy else ""
        return f"notebook {self.notebook}, cell {self.cell}: {self.error}{tail}"


def all_of(folder=paths.NOTEBOOKS):
    """The notebooks in the order of their names."""
    return sorted(Path(folder).glob("*.ipynb"))


def defaults(path):
    """The parameters in the notebook's cell tagged ``parameters``, name → literal, in order."""
    notebook = nbformat.read(path, as_version=4)
    source = "\n".join(c.source for c in notebook.cells if "parameters" in c.metadata.get("tags", []))
    assigned = [line for line in ast.parse(source).body if isinstance(line, ast.Assign)]
    return {line.targets[0].id: ast.literal_eval(line.value) for line in assigned}


def cells(path):
    """(kind, tags, source) of each cell of a notebook: what decides what a run of it shows."""
    found = nbformat.read(path, as_version=4).cells
    return [(cell.cell_type, cell.metadata.get("tags", []), cell.source) for cell in found]


def run(source, target, values=None, engine=ORDINARY, timeout=CELL_TIMEOUT):
    """Run the notebook ``source`` with ``values``, write it executed and normalised to ``target``, and return it.

    ``values`` may be any of the package's parameters; those that the notebook does not take are left out. ``engine`` is
    papermill's: :data:`ORDINARY` starts a kernel, :data:`WARM` runs the cells in this very process, which must have been
    made for this (:func:`each`), which also ends it where a cell takes longer than ``timeout`` seconds. Raises
    :class:`analysis.views.parameters.ParameterError` for an unknown name or a bad value, :class:`NotebookError` if a cell
    fails, takes too long or writes to stderr.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what it would log is raised below
    parameters.build(values or {})
    takes = defaults(source)
    given = {name: value for name, value in (values or {}).items() if name in takes}
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    options = _ordinary(timeout) if engine == ORDINARY else {"request_save_on_cell_execute": False}
    try:
        with _quiet():
            notebook = papermill.execute_notebook(
                str(source),
                str(target),
                parameters=given,
                engine_name=engine,
                progress_bar=False,
                record_timing=False,
                cwd=str(target.parent),
                kernel_name="python3",
                coalesce_streams=True,
                **options,
            )
    except papermill.PapermillExecutionError as error:
        reason = f"{error.ename}: {error.evalue}"
        raise NotebookError(Path(source).name, error.cell_index, reason, paths.relative(target)) from None
    except (CellTimeoutError, DeadKernelError) as error:
        reason = str(error).strip().splitlines()[0]
        raise NotebookError(Path(source).name, _last_started(target), reason, paths.relative(target)) from None
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                text = output.text.strip().splitlines()[-1]
                raise NotebookError(Path(source).name, number, f"wrote to stderr: {text}", paths.relative(target))
    write(normalised(notebook), target)
    return notebook


def _ordinary(timeout):
    from jupyter_client.manager import AsyncKernelManager

    class QuietKernel(AsyncKernelManager):
        """A kernel on sockets of its own in the file system: ports can collide between runs (papermill #511)."""

        def __init__(self, **options):
            folder = tempfile.mkdtemp(prefix="kernel-")
            super().__init__(transport="ipc", ip=os.path.join(folder, "socket"), **options)
            self.connection_file = os.path.join(folder, "connection.json")

    return {
        "execution_timeout": timeout,
        "kernel_manager_class": QuietKernel,
        "shutdown_kernel": "immediate",
    }


def _quiet():
    """An environment in which a notebook shows the same for everybody: no start-up files of the reader's own."""
    profile = paths.BUILD / "ipython"
    profile.mkdir(parents=True, exist_ok=True)
    values = {"IPYTHONDIR": str(profile), "JUPYTER_PLATFORM_DIRS": "1", "PYTHONWARNINGS": "default"}
    return forks.environment(values)


def prepare():
    """Start the helper that notebooks are forked from, and do not wait for it."""
    if forks.possible():
        with _quiet():
            forks.warm([PRELOADED])


def each(function, tasks, jobs=None, warm=True, timeout=CELL_TIMEOUT, started=None, tick=None):
    """Call ``function(source, target, *rest, engine, timeout)`` for each of ``tasks`` = (source, target, *rest), each in a
    process of its own, ``jobs`` at a time (default: one per core); yield (number, seconds, result) as each ends.

    With ``warm``, and where it is possible, the processes are forks of a helper that has imported what notebooks need;
    else each notebook starts a kernel. ``timeout`` is in seconds and for one cell. The first failure stops everything
    and is raised, a process that died or hung as :class:`NotebookError`. ``started(number)`` and ``tick()`` are called
    as :func:`warmkernel.forks.run` says.
    """
    warm = warm and forks.possible()
    if warm and tasks:
        prepare()
    calls = [(*task, WARM if warm else ORDINARY, timeout) for task in tasks]
    # papermill sees to it that an ordinary kernel does not hang; its threads need more address space than they use.
    limits = {"patience": timeout, "memory": forks.MEMORY} if warm else {"patience": None, "memory": None}
    options = {"forked": warm, "started": started, "tick": tick} | limits
    for number, seconds, result in forks.run(function, calls, jobs or os.cpu_count() or 1, **options):
        if isinstance(result, forks.Lost):
            raise NotebookError(Path(tasks[number][0]).name, result.step or 0, result.reason)
        if isinstance(result, BaseException):
            raise result
        yield number, seconds, result


def _last_started(target):
    """The number of the cell that papermill was running when it stopped, from the copy it left; 0 if there is none."""
    if not target.exists():
        return 0
    cells = nbformat.read(target, as_version=4).cells
    status = [cell.metadata.get("papermill", {}).get("status", "pending") for cell in cells]
    return max((number for number, at in enumerate(status) if at != "pending"), default=0)


def normalised(notebook):
    """The notebook without what differs from run to run or machine to machine: timings, versions, ids of injected cells."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        tags = cell.metadata.get("tags", [])
        cell.metadata = {"tags": tags} if tags else {}
        for output in cell.get("outputs", []):
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count
    return notebook


def write(notebook, path):
    """Write a notebook as nbformat does, with one line feed at its end, in one step."""
    path = Path(path)
    aside = path.with_suffix(".tmp")
    aside.write_text(json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(aside, path)
