"""The runs of a build on other machines: a ``dask.distributed`` cluster in place of the forks of this one.

Optional: needs the extra ``dask``. Every worker has the package, the notebooks and the ledger installed as they are here
(the same revision); what differs is found out before anything runs. What is kept, written and published stays here.
"""

import threading
import time
from collections.abc import Callable, Generator, Sequence
from typing import Any, NoReturn

from analysis.report import manifest, notebooks
from analysis.values import paths
from analysis.views.parameters import ParameterError
from warmkernel import forks

TIMEOUT = 10  # seconds in which a scheduler must answer
_alone = threading.Lock()


def each(
    function: Callable[..., Any],
    tasks: Sequence[notebooks.Task],
    address: str,
    timeout: float = notebooks.CELL_TIMEOUT,
    started: Callable[[int], None] | None = None,
    tick: Callable[[], None] | None = None,
) -> Generator[tuple[int, float, Any], None, None]:
    """As :func:`analysis.report.notebooks.each`, on the cluster whose scheduler listens at ``address`` (``tcp://host:8786``).

    A worker that is lost costs the time of its runs: the scheduler gives them to another. Raises
    :class:`analysis.views.parameters.ParameterError` if there is no such cluster, or a worker has other files.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        _refuse(address, "the package distributed is installed", 'pip install "third-country-ledger[dask]"')
    try:
        client = Client(address, timeout=TIMEOUT)
    except (OSError, ValueError, TimeoutError):
        _refuse(address, f"a scheduler answers there within {TIMEOUT} seconds", "start one, or correct the address")
    with client:
        ours = manifest.inputs()
        for worker, theirs in client.run(_inputs).items():
            other = sorted(name for name in ours | theirs if ours.get(name) != theirs.get(name))
            if other:
                _refuse(
                    address, f"every worker has the files that are here; {worker} has another {other[0]}", "update it"
                )
        numbers = {}
        for number, (source, target, *rest) in enumerate(tasks):
            place = f"{target.parent.name}/{target.name}"
            numbers[client.submit(_call, function, source.name, place, rest, timeout, ours, pure=False)] = number
            if started:
                started(number)
        for future in as_completed(numbers):
            seconds, result = future.result()
            yield numbers[future], seconds, result
            if tick:
                tick()


def _inputs() -> dict[str, str]:
    return manifest.inputs()


def _call(
    function: Callable[..., Any], source: str, target: str, rest: list[Any], timeout: float, ours: dict[str, str]
) -> tuple[float, Any]:
    """On a worker: run one notebook as it would be run here; gives (seconds, result). Its files must not change meanwhile."""
    began = time.perf_counter()
    task = (paths.NOTEBOOKS / source, paths.BUILD / "notebooks" / target, *rest)
    if forks.possible():
        ((_, _, result),) = notebooks.each(function, [task], jobs=1, timeout=timeout)
    else:  # a worker whose nanny lets it have no children but a kernel's
        with _alone:
            result = function(*task, notebooks.ORDINARY, timeout)
    now = manifest.inputs()
    if changed := sorted(name for name in now | ours if now.get(name) != ours.get(name)):
        raise manifest.InputsChanged(changed[0])
    return time.perf_counter() - began, result


def _refuse(address: str, rule: str, fix: str) -> NoReturn:
    raise ParameterError(f'"DASK={address}": rule: {rule}; fix: {fix}') from None
