"""How long a report takes, and how long only what changed takes, against other ways to run the same notebooks.

``python benchmarks/rebuild.py`` prints one table: medians of five rounds, all in one run on one machine. In each round
every way takes its turn, so that the state of the machine is the same for all.

- report, cold: all notebooks and pages, nothing kept from before; one claim edited; nothing changed: ``make report`` as
  a user types it, in a copy of the project;
- sweep: the brief of each country, notebooks alone, no pages: here, and by papermill serial in one process, papermill's
  command line, ``jupyter nbconvert --execute``, jupyter-cache, and the same cells as functions in warm processes, as
  many as there are cores, which is the lower limit. Slow ways run a sample of the countries, and their time is scaled up.
"""

import ast
import csv
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import nbformat

from analysis import codebook, evidence, ledger, notebooks, paths
from analysis.warm import forks

ROUNDS = 5
MEMORY = 2**40  # bytes: no limit
SAMPLE = 8  # countries that the slow ways run
BRIEF = paths.NOTEBOOKS / "country_brief.ipynb"
COPIED = ("analysis", "data", "notebooks", "Makefile", "pyproject.toml", "requirements.lock")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def seconds(function, *arguments):
    """How long a call takes."""
    began = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - began


# --- make report ------------------------------------------------------------------------------------------------------


def project(folder):
    """A copy of the project in ``folder``, built by this environment."""
    for name in COPIED:
        source = paths.PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, folder / name)
    return folder


def report(folder, *words):
    command = ["make", "report", f"RUN={sys.executable}", "-o", ".venv/.ready", *words]
    subprocess.run(command, cwd=folder, check=True, **QUIET)


def edit(folder, text):
    """Change the note of one claim: the first step of Ghana."""
    path = folder / "data" / "steps.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    row = next(row for row in rows if row["arrangement_id"].startswith("gha-"))
    row["note"] = text
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, codebook.columns("steps"), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def reports(folder, number):
    """Seconds of a cold report, of one after a claim was edited, and of one after nothing was."""
    shutil.rmtree(folder / ".build", ignore_errors=True)
    shutil.rmtree(folder / "reports", ignore_errors=True)
    cold = seconds(report, folder)
    edit(folder, f"edited in round {number}")
    return {
        "report: cold": cold,
        "report: one claim edited": seconds(report, folder),
        "report: nothing changed": seconds(report, folder),
    }


# --- a sweep of briefs ------------------------------------------------------------------------------------------------


def here(folder, codes, jobs=None):
    tasks = [(BRIEF, folder / f"{code}.ipynb", {"country": code}) for code in codes]
    for _ in notebooks.each(notebooks.run, tasks, jobs):
        pass


def papermill_serial(folder, codes):
    import papermill

    for code in codes:
        target = str(folder / f"{code}.ipynb")
        papermill.execute_notebook(str(BRIEF), target, {"country": code}, progress_bar=False, kernel_name="python3")


def papermill_command(folder, codes):
    for code in codes:
        command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(BRIEF), str(folder / f"{code}.ipynb")]
        subprocess.run([*command, "-p", "country", code], check=True, **QUIET)


def parameterised(folder, codes):
    """A notebook per country with its code written in: for tools that take no parameters."""
    made = []
    for code in codes:
        notebook = nbformat.read(BRIEF, as_version=4)
        for cell in notebook.cells:
            cell.source = cell.source.replace('country = "RWA"', f'country = "{code}"')
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        made.append(folder / f"{code}.ipynb")
        nbformat.write(notebook, made[-1])
    return made


def nbconvert_command(folder, codes):
    for path in parameterised(folder, codes):
        command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", str(path)]
        subprocess.run(command, check=True, **QUIET)


def jupyter_cache(folder, codes):
    from jupyter_cache import get_cache
    from jupyter_cache.executors import load_executor

    cache = get_cache(str(folder / ".jupyter_cache"))
    for path in parameterised(folder, codes):
        cache.add_nb_to_project(str(path))
    result = load_executor("local-serial", cache=cache).run_and_cache()
    assert len(result.succeeded) == len(codes)


def limit(folder, codes, jobs=None):
    """The same cells as functions in warm processes: each takes its share of the countries, one after the other."""
    jobs = jobs or os.cpu_count()
    shares = [(codes[number::jobs],) for number in range(jobs)]
    notebooks.prepare()
    for _, _, result in forks.run(functions, shares, jobs):
        if isinstance(result, BaseException):
            raise result


def functions(codes):
    cells = [_kept(text) for kind, _, text in notebooks.cells(BRIEF) if kind == "code"]
    for code in codes:
        space = {
            "show": lambda value: value._repr_mimebundle_() if hasattr(value, "_repr_mimebundle_") else repr(value)
        }
        for text in cells:
            exec(text.replace("country = 'RWA'", f"country = '{code}'"), space)


def _kept(source):
    """The cell with its last expression shown, as a notebook shows it."""
    tree = ast.parse(source)
    if isinstance(tree.body[-1], ast.Expr):
        tree.body[-1].value = ast.Call(ast.Name("show", ast.Load()), [tree.body[-1].value], [])
    return ast.unparse(ast.fix_missing_locations(tree))


SWEEPS = {  # name: (how, whether it runs all countries)
    "sweep: here, as many at once as cores": (here, True),
    "sweep: here, one at a time": (partial(here, jobs=1), True),
    "sweep: the same cells as functions, as many at once as cores": (limit, True),
    "sweep: papermill serial, in process": (papermill_serial, False),
    "sweep: papermill's command line": (papermill_command, False),
    "sweep: jupyter nbconvert --execute": (nbconvert_command, False),
    "sweep: jupyter-cache, nothing kept yet": (jupyter_cache, False),
}


def sweeps(codes):
    """Seconds of a sweep of all ``codes``, for each way, in a process of its own: what it imports and starts counts."""
    took = {}
    for name, (_, whole) in SWEEPS.items():
        some = codes if whole else codes[:: max(1, len(codes) // SAMPLE)][:SAMPLE]
        for _, _, result in forks.run(timed, [(name, some)], forked=False, memory=MEMORY):
            if isinstance(result, BaseException):
                raise result
            took[name] = result * len(codes) / len(some)
    return took


def timed(name, codes):
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # kernels speak of their sockets
    with tempfile.TemporaryDirectory() as folder:
        return seconds(SWEEPS[name][0], Path(folder), codes)


def table(rounds=ROUNDS, tell=lambda text: None):
    """Name of a way → median seconds."""
    codes = evidence.countries(ledger.load(), "us-2025")
    os.environ.update(PYDEVD_DISABLE_FILE_VALIDATION="1", JUPYTER_PLATFORM_DIRS="1")
    times = {}
    with tempfile.TemporaryDirectory() as folder:
        copy = project(Path(folder) / "project")
        for number in range(rounds):
            for name, took in (reports(copy, number) | sweeps(codes)).items():
                times.setdefault(name, []).append(took)
            tell(f"round {number + 1} of {rounds}")
    return {name: statistics.median(values) for name, values in times.items()}, len(codes)


def show(medians, countries, rounds=ROUNDS):
    """The table as Markdown."""
    serial, cold = medians["sweep: papermill serial, in process"], medians["report: cold"]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    lines = [
        f"Medians of {rounds} rounds in one run; {os.cpu_count()} cores, {memory:.0f} GiB, Python "
        f"{platform.python_version()}; {countries} countries.",
        "",
        "| Way | Seconds | Faster than |",
        "|---|---|---|",
    ]
    for name, value in medians.items():
        than, base = (
            ("the cold report", cold) if name.startswith("report") else ("papermill serial, in process", serial)
        )
        ratio = "" if value == base else f"{than}: {base / value:.1f}×"
        lines.append(f"| {name} | {value:.2f} | {ratio} |")
    return "\n".join(lines)


def main(rounds=ROUNDS):
    """Print the table; progress goes to stderr."""
    print(show(*table(rounds, tell=lambda text: print(text, file=sys.stderr, flush=True)), rounds))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
