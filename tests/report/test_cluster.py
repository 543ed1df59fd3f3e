"""A sweep on a cluster of dask.distributed: a scheduler and two workers on this machine, each a process of its own."""

import json
import subprocess
import sys
import time

import pytest

from analysis.report import cluster, edition, manifest, notebooks, runs
from analysis.values import paths
from analysis.views import scope
from analysis.views.parameters import ParameterError

pytest.importorskip("distributed", reason="the extra dask is not installed")
pytestmark = pytest.mark.slow


def start(module, *words):
    command = [sys.executable, "-m", f"distributed.cli.{module}", *words, "--no-dashboard"]
    return subprocess.Popen(command, cwd=paths.PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    path = tmp_path_factory.mktemp("dask") / "scheduler.json"
    process = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(path))
    for _ in range(300):
        if path.exists():
            break
        time.sleep(0.1)
    yield json.loads(path.read_text())["address"]
    process.kill()
    process.wait()


@pytest.fixture
def workers(scheduler):
    """Two workers: one that may have children and forks its runs, one whose nanny lets it have none but kernels."""
    common = [scheduler, "--nthreads", "1", "--host", "127.0.0.1"]
    started = [start("dask_worker", *common, "--no-nanny"), start("dask_worker", *common)]
    from distributed import Client

    with Client(scheduler, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    yield started
    for process in started:
        process.terminate()
    for process in started:
        process.wait()


def sweep(folder, codes):
    brief = paths.NOTEBOOKS / "country_brief.ipynb"
    return [(brief, folder / f"{code}.ipynb", {"country": code}, f"countries/{code}", "") for code in codes]


def test_results_are_those_of_this_machine_byte_for_byte_and_a_lost_worker_costs_only_time(
    scheduler, workers, tmp_path
):
    tasks = sweep(tmp_path, ["RWA", "XKX", "GHA", "SWZ"])
    here = {number: data for number, _, data in notebooks.each(runs.run, tasks)}
    there = {number: data for number, _, data in cluster.each(runs.run, tasks, scheduler)}
    assert there == here
    after = {}
    for number, _, data in cluster.each(runs.run, tasks, scheduler):
        if not after:
            workers[0].kill()
        after[number] = data
    assert workers[0].wait(10) < 0
    assert after == here


def test_a_notebook_that_fails_there_is_named_here(scheduler, workers, tmp_path):
    brief, values = paths.NOTEBOOKS / "country_brief.ipynb", {"as_of": "1990-01-01"}
    tasks = [(brief, tmp_path / "x.ipynb", values, "country_brief", "")]
    with pytest.raises(notebooks.NotebookError, match=r"notebook country_brief.ipynb, cell 4: ParameterError"):
        list(cluster.each(runs.run, tasks, scheduler))


def test_workers_with_other_files_are_refused_before_anything_runs(scheduler, workers, tmp_path, monkeypatch):
    other = manifest.inputs() | {"data/steps.csv": "0" * 64}
    monkeypatch.setattr(manifest, "inputs", lambda: other)
    with pytest.raises(
        ParameterError, match=r"every worker has the files that are here; .* has another data/steps.csv"
    ):
        list(cluster.each(runs.run, sweep(tmp_path, ["RWA"]), scheduler))


def test_a_cluster_that_is_not_there_is_one_clear_message(monkeypatch):
    monkeypatch.setattr(cluster, "TIMEOUT", 1)
    with pytest.raises(ParameterError) as error:
        list(cluster.each(runs.run, [], "tcp://127.0.0.1:9"))
    rule = "a scheduler answers there within 1 seconds"
    assert str(error.value) == f'"DASK=tcp://127.0.0.1:9": rule: {rule}; fix: start one, or correct the address'


def test_without_the_extra_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ParameterError, match=r"rule: the package distributed is installed; fix: pip install "):
        list(cluster.each(runs.run, [], "tcp://127.0.0.1:9"))


def test_a_whole_edition_built_there_is_the_one_built_here(scheduler, workers, tmp_path, monkeypatch):
    monkeypatch.setattr(scope, "countries_in_scope", lambda book, programme: ["RWA"])
    names = "01_countries_by_region", "country_brief"
    monkeypatch.setattr(notebooks, "all_of", lambda: [paths.NOTEBOOKS / f"{name}.ipynb" for name in names])
    built = []
    for name, dask in (("here", None), ("there", scheduler)):
        for attribute, folder in (("REPORTS", "reports"), ("EDITIONS", "reports/editions"), ("BUILD", "build")):
            monkeypatch.setattr(paths, attribute, tmp_path / name / folder)
        (folder,) = edition.build([{"as_of": "2025-05-07"}], dask=dask)
        built.append({p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()})
    assert built[0] == built[1]
    assert "countries/RWA.html" in built[0]
