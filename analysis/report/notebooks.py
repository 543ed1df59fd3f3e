"""Running notebooks: papermill, strictly. Unknown parameters are refused, outputs on stderr are failures.

A run leaves no clock, no random id and no machine's path in the notebook. Belongs here: reading, running and writing
notebooks. Does not belong here: what is in them (they say it themselves) and what is made of them (``site``). Typical
use::

    for number, seconds, result in notebooks.each(notebooks.run, [(source, target, {"country": "RWA"})]):
        ...
"""

import ast
import contextlib
import json
import logging
import os
import re
import resource
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat

from analysis.values import paths
from analysis.views import parameters
from warmkernel import forks

CELL_TIMEOUT = 120  # seconds, unless the caller gives another
ORDINARY, WARM = None, "warm"  # papermill's engines
PRELOADED = "analysis.report.preloaded"
PARAMETERS = "parameters"  # the tag of the cell that papermill puts its own after
NOTES_ASKED_FOR = re.compile(r"\bnotes\b|\bload|\bread_|\bopen\b")  # notes=True; ledger.load(), or a file

Notebook = Any  # nbformat's NotebookNode, which has no types
Task = tuple[Any, ...]  # (source, target, *rest)


@dataclass
class NotebookError(Exception):
    """A notebook cannot be used or did not run to its end. Names the notebook, the cell, the error, and the half-run copy."""

    notebook: str
    cell: int | None
    error: str
    copy: str = ""

    def __str__(self) -> str:
        cell = "" if self.cell is None else f", cell {self.cell}"
        tail = f"; the half-run copy is {self.copy}" if self.copy else ""
        return f"notebook {self.notebook}{cell}: {self.error}{tail}"


def all_of(folder: Path | None = None) -> list[Path]:
    """The notebooks in the order of their names (default folder: ``notebooks``). Those in folders below it are free work."""
    return sorted((folder or paths.NOTEBOOKS).glob("*.ipynb"))


def read(path: Path) -> Notebook:
    """A notebook from its file, which must be one that a page can be made of.

    Raises :class:`NotebookError` if it is no notebook, has no cells, no heading, or not one cell of parameters.
    """
    name = Path(path).name
    try:
        return _parsed(name, Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise NotebookError(name, None, f"it cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise _no_notebook(name, error) from None


def _no_notebook(name: str, error: Exception) -> NotebookError:
    reason = str(error).strip().splitlines()[0][:200]
    return NotebookError(name, None, f"it is no notebook ({reason}): restore it, or save it again in JupyterLab")


@lru_cache(maxsize=64)
def _parsed(name: str, text: str) -> Notebook:
    """The notebook in ``text``; to parse one takes longer than all else that is asked of it, so nobody may change it."""
    if "\n<<<<<<< " in text:
        raise NotebookError(name, None, "it holds the marks of a merge that was not finished: choose one side of each")
    try:
        wrong: dict[str, Any] = {}
        notebook = nbformat.reads(text, as_version=4, capture_validation_error=wrong)
        for error in wrong.values():
            raise error
    except Exception as error:  # nbformat has no error of its own for what it cannot read
        raise _no_notebook(name, error) from None
    if not notebook.cells:
        raise NotebookError(name, None, "it has no cells: add its question, a cell of parameters, and what answers it")
    if notebook.cells[0].cell_type != "markdown" or not notebook.cells[0].source.startswith("# "):
        raise NotebookError(
            name, 0, "it does not begin with its question: write it into a Markdown cell, # How many …?"
        )
    tagged = [number for number, cell in enumerate(notebook.cells) if PARAMETERS in cell.metadata.get("tags", [])]
    if not tagged:
        fix = f'give the tag "{PARAMETERS}" to the cell that sets as_of'
        raise NotebookError(name, None, f"no cell has the parameters, so that AS_OF would not reach it: {fix}")
    if len(tagged) > 1:
        raise NotebookError(name, tagged[1], "a second cell with parameters: put them into one")
    return notebook


def defaults(path: Path) -> dict[str, Any]:
    """The parameters in the notebook's cell tagged ``parameters``, name → literal, in order.

    Raises :class:`NotebookError` for anything but assignments of literals to names that the package knows.
    """
    found: dict[str, Any] = {}
    for number, cell in enumerate(read(path).cells):
        if PARAMETERS not in cell.metadata.get("tags", []):
            continue
        try:
            lines = ast.parse(cell.source).body
        except SyntaxError as error:
            raise NotebookError(Path(path).name, number, f"line {error.lineno} is no Python: {error.msg}") from None
        for line in lines:
            try:
                (name,) = line.targets
                found[name.id] = ast.literal_eval(line.value)
            except (AttributeError, ValueError, TypeError):
                text = ast.unparse(line)[:60]
                rule = 'a parameter is a name and a literal, as_of = "latest"'
                raise NotebookError(
                    Path(path).name, number, f'"{text}": rule: {rule}; fix: move it to a later cell'
                ) from None
        for name in sorted(found.keys() - parameters.DEFAULTS.keys()):
            known = ", ".join(parameters.DEFAULTS)
            raise NotebookError(
                Path(path).name, number, f'"{name}": rule: one of {known}; fix: correct it, or move it to a later cell'
            )
    return found


def question(path: Path) -> str:
    """What a notebook asks: its heading."""
    return str(read(path).cells[0].source).partition("\n")[0].removeprefix("# ").strip()


def cells(path: Path) -> list[tuple[str, list[str], str]]:
    """(kind, tags, source) of each cell of a notebook: what decides what a run of it shows."""
    found = read(path).cells
    return [(cell.cell_type, cell.metadata.get("tags", []), cell.source) for cell in found]


def asks_for_notes(path: Path) -> bool:
    """Whether a notebook may see what curators write for one another: by ``set_up(…, notes=True)``, or by reading the ledger
    itself (``load``). Whatever may be either counts.
    """
    return any(NOTES_ASKED_FOR.search(source) for kind, _, source in cells(path) if kind == "code")


def run(
    source: Path,
    target: Path,
    values: Mapping[str, Any] | None = None,
    engine: str | None = ORDINARY,
    timeout: float = CELL_TIMEOUT,
) -> Notebook:
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
    parameters.build(dict(values or {}))
    takes = defaults(source)
    given = {name: value for name, value in (values or {}).items() if name in takes}
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with quiet_environment(), _engine_options(engine, timeout) as options:
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


@contextlib.contextmanager
def _engine_options(engine: str | None, timeout: float) -> Iterator[dict[str, Any]]:
    """What papermill is told beside the notebook; an ordinary kernel's sockets are there as long as the ``with`` lasts."""
    if engine != ORDINARY:
        yield {"request_save_on_cell_execute": False}
        return
    from jupyter_client.manager import AsyncKernelManager

    with tempfile.TemporaryDirectory(prefix="kernel-", dir=_short_folder()) as folder:

        class LimitedKernel(AsyncKernelManager):
            """A kernel on sockets of its own in the file system, since ports can collide (papermill #511); and its memory."""

            def __init__(self, **options: Any) -> None:
                super().__init__(transport="ipc", ip=os.path.join(folder, "socket"), **options)
                self.connection_file = os.path.join(folder, "connection.json")

            async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]  # as its own is
                await super().start_kernel(**options)
                if hasattr(resource, "prlimit") and self.provisioner is not None:
                    with contextlib.suppress(OSError):  # it has ended already
                        pid: int = getattr(self.provisioner, "pid", 0)
                        resource.prlimit(pid, resource.RLIMIT_AS, forks.memory_limit())

        yield {
            "execution_timeout": timeout,
            "kernel_manager_class": LimitedKernel,
            "shutdown_kernel": "immediate",
        }


def _short_folder() -> str | None:
    """A folder of this process's own for sockets, which a later build removes; None where its path is too long for one."""
    folder = paths.BUILD / "tmp" / str(os.getpid())
    if len(str(folder)) > forks.LONGEST_SOCKET_FOLDER:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def quiet_environment() -> contextlib.AbstractContextManager[None]:
    """An environment in which a notebook shows the same for everybody: no settings of the reader's own, one thread."""
    profile, settings = paths.BUILD / "ipython", paths.BUILD / "matplotlib"
    for folder in (profile, settings):
        folder.mkdir(parents=True, exist_ok=True)
    values = {"IPYTHONDIR": str(profile), "JUPYTER_PLATFORM_DIRS": "1", "PYTHONWARNINGS": "default"}
    return forks.environment(values | {"MPLCONFIGDIR": str(settings)} | forks.ONE_THREAD)


def prepare() -> None:
    """Start the helper that notebooks are forked from, and do not wait for it."""
    if forks.possible():
        with quiet_environment():
            forks.warm([PRELOADED], _short_folder())


def each(
    function: Callable[..., Any],
    tasks: Sequence[Task],
    jobs: int | None = None,
    warm: bool = True,
    timeout: float = CELL_TIMEOUT,
    started: Callable[[int], None] | None = None,
    tick: Callable[[], None] | None = None,
) -> Generator[tuple[int, float, Any], None, None]:
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
    # papermill sees to it that an ordinary kernel does not hang, and the kernel has a limit of its own.
    patience, memory = (timeout, forks.MEMORY) if warm else (None, None)
    jobs = jobs or os.cpu_count() or 1
    options: dict[str, Any] = {"forked": warm, "patience": patience, "memory": memory, "started": started, "tick": tick}
    # Closed here and now where one fails: the others would go on as long as anybody holds the error and its traceback.
    with contextlib.closing(forks.run(function, calls, jobs, **options)) as results:
        for number, seconds, result in results:
            if isinstance(result, forks.Lost):
                raise NotebookError(Path(tasks[number][0]).name, result.step or 0, result.reason)
            if isinstance(result, BaseException):
                raise result
            yield number, seconds, result


def _last_started(target: Path) -> int:
    """The number of the cell that papermill was running when it stopped, from the copy it left; 0 if there is none."""
    if not target.exists():
        return 0
    found = nbformat.read(target, as_version=4).cells
    status = [cell.metadata.get("papermill", {}).get("status", "pending") for cell in found]
    return max((number for number, at in enumerate(status) if at != "pending"), default=0)


def normalised(notebook: Notebook) -> Notebook:
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


def write(notebook: Notebook, path: Path) -> None:
    """Write a notebook as nbformat does, with one line feed at its end, in one step."""
    path = Path(path)
    aside = path.with_suffix(".tmp")
    aside.write_text(json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(aside, path)
