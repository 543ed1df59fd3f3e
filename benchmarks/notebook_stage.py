"""Time the notebook stage of the report against two plain ways of doing the same, as ratios with medians of five.

Run by ``make bench``. The three ways take turns in one run, so that the machine's state is the same for all:

- stage: what ``make report`` does with its notebooks, one after the other in one process;
- papermill: papermill's command line, once per notebook;
- script: the same cells as one plain Python script, without Jupyter (the lower limit).
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from analysis import notebooks

ROUNDS = 5


def stage(folder):
    for path in notebooks.all_of():
        notebooks.run(path, folder / path.name)


def papermill(folder):
    for path in notebooks.all_of():
        run = [sys.executable, "-m", "papermill", "--no-progress-bar", "--log-level", "CRITICAL", str(path)]
        subprocess.run([*run, str(folder / path.name)], check=True, capture_output=True)


def script(folder):
    lines = ["show = lambda value: value._repr_mimebundle_() if hasattr(value, '_repr_mimebundle_') else repr(value)"]
    for path in notebooks.all_of():
        cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        lines += [f"value = None\n{_keep_last(cell.source)}\nshow(value)" for cell in cells]
    (folder / "cells.py").write_text("\n".join(lines), encoding="utf-8")
    subprocess.run([sys.executable, str(folder / "cells.py")], check=True, capture_output=True)


def _keep_last(source):
    """The cell with its last expression kept as ``value``, as a notebook shows it."""
    import ast

    tree = ast.parse(source)
    if isinstance(tree.body[-1], ast.Expr):
        tree.body[-1] = ast.copy_location(
            ast.Assign([ast.Name("value", ast.Store())], tree.body[-1].value), tree.body[-1]
        )
    return ast.unparse(ast.fix_missing_locations(tree))


def main():
    ways = {"stage": stage, "papermill": papermill, "script": script}
    times = {name: [] for name in ways}
    for number in range(ROUNDS):
        for name, way in ways.items():
            with tempfile.TemporaryDirectory() as folder:
                started = time.perf_counter()
                way(Path(folder))
                times[name].append(time.perf_counter() - started)
        print(f"round {number + 1} of {ROUNDS}", file=sys.stderr, flush=True)
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"{len(notebooks.all_of())} notebooks, medians of {ROUNDS}, {os.cpu_count()} cores")
    print(f"{'way':<48} {'seconds':>8} {'against the stage':>18}")
    labels = {
        "stage": "make report, its notebook stage",
        "papermill": "papermill's command line once per notebook",
        "script": "the same cells as one plain script",
    }
    for name, label in labels.items():
        print(f"{label:<48} {medians[name]:8.1f} {medians[name] / medians['stage']:17.2f}×")


if __name__ == "__main__":
    main()
