"""How long a report takes, and how long only what changed takes, against other ways to run the same notebooks.

``python benchmarks/rebuild.py`` prints one table: medians of five rounds, all in one run on one machine. In each round
every way takes its turn, so that the state of the machine is the same for all.

- sweep: the brief of each country, notebooks alone, no pages;
- full report, nothing kept from before; one claim edited; nothing changed: here ``make report`` as a user types it, in a
  copy of the project, pages and pictures included; by the others the same notebooks, alone;
- the lower limit: the same cells as functions in warm processes, as many as there are cores; and, apart, the pages and data
  files that ``make report`` makes of them, in one process.

The other ways run the notebooks on the whole ledger and a sample of the countries, whose time is scaled up. papermill
and nbconvert keep nothing: whatever changed, they run everything. jupyter-cache looks at code alone: it takes what was
made before the claim was edited.
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

from analysis import ledger
from analysis.ledger import schema
from analysis.report import notebooks
from analysis.values import paths
from analysis.views import scope
from warmkernel import forks

ROUNDS = 5
MEMORY = 2**40  # bytes: no limit
SAMPLE = 8  # countries that the slow ways run
EDITED = "GHA"  # the country whose claim is edited
BRIEF = paths.NOTEBOOKS / "country_brief.ipynb"
COPIED = ("analysis", "data", "notebooks", "Makefile", "pyproject.toml", "requirements.lock")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
SWEEP, FULL, ONE, NOTHING = COLUMNS = ("sweep", "full report", "one claim edited", "nothing changed")
HERE, SERIAL, CACHE, LIMIT = "here", "papermill, serial, in process", "jupyter-cache", "the lower limit"
PAGES = "here, pages and data files alone"


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
    """Change the printed words of one claim: the first step of the country."""
    path = folder / "data" / "steps.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    row = next(row for row in rows if row["arrangement_id"].startswith(f"{EDITED.lower()}-"))
    row["wording"] = text
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, schema.columns("steps"), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def reports(folder, number):
    """(way, column) → seconds of a full report, of one after a claim was edited, after nothing was, and of its pages alone."""
    shutil.rmtree(folder / ".build", ignore_errors=True)
    shutil.rmtree(folder / "reports", ignore_errors=True)
    full = seconds(report, folder)
    edit(folder, f"edited in round {number}")
    times = {(HERE, FULL): full, (HERE, ONE): seconds(report, folder), (HERE, NOTHING): seconds(report, folder)}
    shutil.rmtree(folder / "reports")
    pages = seconds(report, folder)
    return times | {(PAGES, FULL): pages, (PAGES, ONE): pages}


# --- ways to run notebooks: each takes a folder to write to and the work, (notebook, parameters) of each run -----------


def here(folder, work, jobs=None):
    tasks = [(source, folder / f"{number}.ipynb", values) for number, (source, values) in enumerate(work)]
    for _ in notebooks.each(notebooks.run, tasks, jobs):
        pass


def papermill_serial(folder, work):
    import papermill

    for number, (source, values) in enumerate(work):
        target = str(folder / f"{number}.ipynb")
        papermill.execute_notebook(str(source), target, values, progress_bar=False, kernel_name="python3")


def papermill_command(folder, work):
    for number, (source, values) in enumerate(work):
        command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(source), str(folder / f"{number}.ipynb")]
        given = [word for name, value in values.items() for word in ("-p", name, value)]
        subprocess.run([*command, *given], check=True, **QUIET)


def parameterised(folder, work):
    """A notebook per run with its country written in: for tools that take no parameters."""
    made = []
    for number, (source, values) in enumerate(work):
        notebook = nbformat.read(source, as_version=4)
        for cell in notebook.cells:
            cell.source = cell.source.replace('country = "RWA"', f'country = "{values.get("country", "RWA")}"')
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        made.append(folder / f"{number}.ipynb")
        nbformat.write(notebook, made[-1])
    return made


def nbconvert_command(folder, work):
    for path in parameterised(folder, work):
        command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", str(path)]
        subprocess.run(command, check=True, **QUIET)


def jupyter_cache(folder, work):
    from jupyter_cache import get_cache
    from jupyter_cache.executors import load_executor

    cache = get_cache(str(folder / ".jupyter_cache"))
    if not cache.list_project_records():
        for path in parameterised(folder, work):
            cache.add_nb_to_project(str(path))
    result = load_executor("local-serial", cache=cache).run_and_cache()
    assert not result.excepted
    assert not result.errored


def limit(folder, work, jobs=None):
    """The same cells as functions in warm processes: each takes its share of the runs, one after the other."""
    jobs = jobs or os.cpu_count()
    shares = [(work[number::jobs],) for number in range(jobs)]
    notebooks.prepare()
    for _, _, result in forks.run(functions, shares, jobs):
        if isinstance(result, BaseException):
            raise result


def functions(work):
    cells = {}
    for source, values in work:
        if source not in cells:
            cells[source] = [_kept(text) for kind, _, text in notebooks.cells(source) if kind == "code"]
        space = {
            "show": lambda value: value._repr_mimebundle_() if hasattr(value, "_repr_mimebundle_") else repr(value)
        }
        for text in cells[source]:
            exec(text.replace("country = 'RWA'", f"country = '{values.get('country', 'RWA')}'"), space)


def _kept(source):
    """The cell with its last expression shown, as a notebook shows it."""
    tree = ast.parse(source)
    if isinstance(tree.body[-1], ast.Expr):
        tree.body[-1].value = ast.Call(ast.Name("show", ast.Load()), [tree.body[-1].value], [])
    return ast.unparse(ast.fix_missing_locations(tree))


# --- each of them on the same work ------------------------------------------------------------------------------------

QUICK = {HERE: here, f"{HERE}, one at a time": partial(here, jobs=1), LIMIT: limit}
OTHERS = {
    SERIAL: papermill_serial,
    "papermill's command line": papermill_command,
    "jupyter nbconvert --execute": nbconvert_command,
    CACHE: jupyter_cache,
}


def briefs(codes):
    return [(BRIEF, {"country": code}) for code in codes]


def whole():
    """Each notebook once."""
    return [(source, {}) for source in notebooks.all_of()]


def edited():
    """The runs that one edited claim touches: the notebooks on the whole ledger, and the brief of its country."""
    return [run for run in whole() if run[0] != BRIEF] + briefs([EDITED])


def ways(codes):
    """(way, column) → seconds. What a way imports and starts counts."""
    took = {(name, SWEEP): alone(name, [briefs(codes)])[0] for name in QUICK}
    took[LIMIT, FULL] = alone(LIMIT, [whole() + briefs(codes)])[0]
    took[LIMIT, ONE] = alone(LIMIT, [edited()])[0]
    some = codes[:: max(1, len(codes) // SAMPLE)][:SAMPLE]
    for name in OTHERS:
        times = 2 if name == CACHE else 1
        sweeps = [took * len(codes) / len(some) for took in alone(name, [briefs(some)] * times)]
        fulls = [sweep + took for sweep, took in zip(sweeps, alone(name, [whole()] * times), strict=True)]
        # The second time there is nothing that jupyter-cache has not got; to the others every time is the first.
        took[name, SWEEP], took[name, FULL], took[name, NOTHING] = sweeps[0], fulls[0], fulls[-1]
        took[name, ONE] = None if name == CACHE else fulls[0]
    return took


def alone(name, works):
    """Seconds of each of the ``works``, one after the other in one folder and in one new process."""
    ((_, _, result),) = forks.run(timed, [(name, works)], forked=False, memory=MEMORY)
    if isinstance(result, BaseException):
        raise result
    return result


def timed(name, works):
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # kernels speak of their sockets
    with tempfile.TemporaryDirectory() as folder:
        return [seconds((QUICK | OTHERS)[name], Path(folder), work) for work in works]


def table(rounds=ROUNDS, tell=lambda text: None):
    """(way, column) → median seconds, and the number of countries."""
    codes = scope.countries_in_scope(ledger.load(), "us-2025")
    os.environ.update(PYDEVD_DISABLE_FILE_VALIDATION="1", JUPYTER_PLATFORM_DIRS="1")
    times = {}
    with tempfile.TemporaryDirectory() as folder:
        copy = project(Path(folder) / "project")
        for number in range(rounds):
            for place, took in (reports(copy, number) | ways(codes)).items():
                times.setdefault(place, []).append(took)
            tell(f"round {number + 1} of {rounds}")
    return {place: statistics.median(took) for place, took in times.items() if None not in took}, len(codes)


def show(medians, countries, rounds=ROUNDS):
    """The table as Markdown, in seconds, and below it how many times as long the others take."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    lines = [
        f"Seconds, medians of {rounds} rounds in one run; {os.cpu_count()} cores, {memory:.0f} GiB, Python "
        f"{platform.python_version()}; {countries} countries.",
        "",
        f"| Way | {' | '.join(COLUMNS)} |",
        f"|---|{'---|' * len(COLUMNS)}",
    ]
    for name in [*QUICK, PAGES, *OTHERS]:
        cells = [f"{medians[name, column]:.3g}" if (name, column) in medians else "" for column in COLUMNS]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines.append("")
    for name in (SERIAL, LIMIT):
        ratios = [
            f"{column} {medians[name, column] / medians[HERE, column]:.3g}"
            for column in COLUMNS
            if (name, column) in medians
        ]
        lines.append(f"{name}, times as long as here: {', '.join(ratios)}.")
    both = [medians[HERE, column] / (medians[LIMIT, column] + medians[PAGES, column]) for column in (FULL, ONE)]
    lines.append(
        f"Here, parts of the lower limit and the pages together: full report {both[0]:.2f}, one claim {both[1]:.2f}."
    )
    lines.append(f"One claim edited: 1/{medians[HERE, FULL] / medians[HERE, ONE]:.1f} of the full report.")
    return "\n".join(lines)


def main(rounds=ROUNDS):
    """Print the table; progress goes to stderr."""
    print(show(*table(rounds, tell=lambda text: print(text, file=sys.stderr, flush=True)), rounds))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
