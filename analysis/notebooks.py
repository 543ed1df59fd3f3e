"""Running notebooks: papermill, strictly. Unknown parameters are refused, outputs on stderr are failures.

A run leaves no clock, no random id and no machine's path in the notebook. What belongs elsewhere: what is in the
notebooks (they say it themselves) and what is made of them (``site``).
"""

import json
import logging
import multiprocessing
import os
import re
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import nbformat

from analysis import parameters, paths

CELL_TIMEOUT = 120  # seconds


@dataclass
class NotebookError(Exception):
    """A notebook did not run to its end. Names the notebook, the cell, the error, and the half-run copy."""

    notebook: str
    cell: int
    error: str
    copy: str

    def __str__(self):
        return f"notebook {self.notebook}, cell {self.cell}: {self.error}; the half-run copy is {self.copy}"


def all_of(folder=paths.NOTEBOOKS):
    """The notebooks in the order of their names."""
    return sorted(Path(folder).glob("*.ipynb"))


def accepted(path):
    """The names of the parameters in the notebook's cell tagged ``parameters``, in order."""
    notebook = nbformat.read(path, as_version=4)
    source = "\n".join(c.source for c in notebook.cells if "parameters" in c.metadata.get("tags", []))
    return re.findall(r"^(\w+)\s*=", source, flags=re.MULTILINE)


def run(source, target, values=None):
    """Run the notebook ``source`` with ``values`` and write the executed, normalised notebook to ``target``.

    ``values`` may be any of the package's parameters; those that the notebook does not take are left out. Raises
    :class:`analysis.parameters.ParameterError` for an unknown name or a bad value, :class:`NotebookError` if a cell
    fails, takes longer than ``CELL_TIMEOUT`` seconds or writes to stderr.
    """
    import papermill
    from jupyter_client.manager import AsyncKernelManager
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    class QuietKernel(AsyncKernelManager):
        """A kernel on sockets of its own in the file system: ports can collide between runs (papermill #511)."""

        def __init__(self, **options):
            folder = tempfile.mkdtemp(prefix="kernel-")
            super().__init__(transport="ipc", ip=os.path.join(folder, "socket"), **options)
            self.connection_file = os.path.join(folder, "connection.json")

    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what it would log is raised below
    parameters.build(values or {})
    takes = accepted(source)
    given = {name: value for name, value in (values or {}).items() if name in takes}
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    profile = paths.BUILD / "ipython"  # not the reader's own, whose start-up files could change what a cell shows
    profile.mkdir(parents=True, exist_ok=True)
    quiet = {"IPYTHONDIR": str(profile), "JUPYTER_PLATFORM_DIRS": "1", "PYTHONWARNINGS": "default"}
    before = {name: os.environ.get(name) for name in quiet}
    os.environ.update(quiet)
    try:
        papermill.execute_notebook(
            str(source),
            str(target),
            parameters=given,
            progress_bar=False,
            record_timing=False,
            cwd=str(target.parent),
            execution_timeout=CELL_TIMEOUT,
            kernel_name="python3",
            kernel_manager_class=QuietKernel,
            shutdown_kernel="immediate",
        )
    except papermill.PapermillExecutionError as error:
        reason = f"{error.ename}: {error.evalue}"
        raise NotebookError(Path(source).name, error.cell_index, reason, paths.relative(target)) from None
    except (CellTimeoutError, DeadKernelError) as error:
        reason = str(error).strip().splitlines()[0]
        raise NotebookError(Path(source).name, _last_started(target), reason, paths.relative(target)) from None
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    notebook = nbformat.read(target, as_version=4)
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                text = output.text.strip().splitlines()[-1]
                raise NotebookError(Path(source).name, number, f"wrote to stderr: {text}", paths.relative(target))
    write(normalised(notebook), target)


def run_all(tasks, jobs=None):
    """Run (source, target, values) for each of ``tasks``, ``jobs`` at a time, and yield (name, seconds) as each ends.

    The first failure stops what has not begun and is raised, with the errors of :func:`run`.
    """
    jobs = min(jobs or os.cpu_count() or 1, len(tasks))
    if jobs < 2:
        for task in tasks:
            yield _timed(task)
        return
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(_timed, task) for task in tasks]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _timed(task):
    source, target, values = task
    started = time.perf_counter()
    run(source, target, values)
    return Path(target).stem, time.perf_counter() - started


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
