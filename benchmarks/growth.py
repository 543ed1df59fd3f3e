"""How the cost of checking, loading and of each view grows with the ledger: one table, up to a million claims.

``python benchmarks/growth.py [MOST] [FOLDER]`` (1,000,000 if not told otherwise; progress goes to stderr).

Each step runs in a process of its own on a synthetic ledger; its cost is its own: time and peak memory of what had to
be loaded before are not counted. What was freed before, but not given back to the system, counts as there: bytes are
what is asked for beyond it. A step that fails says so; one that takes longer than ``LIMIT`` is stopped and shown
as such. Where 100,000 claims are among the sizes, the check is held against frictionless on the same files.
"""

import importlib
import multiprocessing
import os
import resource
import sys
import tempfile
import time
import warnings
from pathlib import Path

import synthetic

SIZES = (1_000, 10_000, 100_000, 1_000_000)
STEADY = 10_000  # below this size fixed costs decide
COMPARED = 100_000  # size at which the check is held against frictionless
LIMIT = 120  # seconds
VIEWS = {  # what each is given beside the ledger
    "positions.by_country": ("parameters",),
    "positions.by_arrangement": ("parameters",),
    "payments.reported": ("parameters",),
    "transfers.reported": ("parameters",),
    "timing.by_country": ("parameters",),
    "tallies.reconcile": ("parameters",),
    "provenance.copies": (),
    "provenance.source_list": (),
    "choose.date_conflicts": ("programme",),
}
STEPS = ("check", "load", *VIEWS)


def table(folder, sizes=SIZES, steps=STEPS, limit=LIMIT, tell=lambda text: None):
    """One dict per step and size: ``step``, ``claims``, ``seconds``, ``bytes`` (peak, above what was there), ``failed``.

    ``failed`` is ``None`` or the reason; seconds and bytes are then ``None``. Ledgers are written into ``folder``.
    """
    rows = []
    for claims in sizes:
        written = ledger_of(claims, folder)
        for step in steps:
            seconds, peak, failed = measure(step, written, limit)
            rows.append({"step": step, "claims": claims, "seconds": seconds, "bytes": peak, "failed": failed})
            tell(f"{claims:>9,} {step:<24} {failed or f'{seconds:.2f} s'}")
    return rows


def against_frictionless(folder, claims=COMPARED, limit=20 * LIMIT):
    """Seconds of the check and of frictionless on the same files, and how many times as long frictionless takes."""
    written = ledger_of(claims, folder)
    (ours, _, failed), (theirs, _, failed_too) = (measure(step, written, limit) for step in ("check", "frictionless"))
    if failed or failed_too:
        raise RuntimeError(failed or failed_too)
    return ours, theirs, theirs / ours


def ledger_of(claims, folder):
    """The folder of a synthetic ledger, written within ``folder`` unless it is there."""
    target = Path(folder) / str(claims)
    if not target.exists():
        # Elsewhere, because a process hands the memory it has on to the count of those it starts.
        process = multiprocessing.get_context("spawn").Process(target=synthetic.write, args=(target, claims))
        process.start()
        process.join()
    return target


def measure(step, folder, limit=LIMIT):
    """(seconds, bytes, reason of failure) of one step in a process of its own."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(step, folder, sender))
    process.start()
    sender.close()
    try:
        # The limit is for the step; what it stands on is loaded before it reports that it begins.
        receiver.recv()
        outcome = receiver.recv() if receiver.poll(limit) else (None, None, f"over {limit} s")
    except EOFError:
        outcome = None, None, "stopped by the system"
    process.kill()
    process.join()
    return outcome


def _run(step, folder, sender):
    warnings.simplefilter("ignore")
    try:
        work, failed = _prepared(step, folder), None
    except Exception as error:
        failed = error
    sender.send("begins")
    outcome = None, None
    if not failed:
        before, start = _peak(anew=True), time.perf_counter()
        try:
            work()
            outcome = time.perf_counter() - start, max(0, _peak() - before)
        except Exception as error:
            failed = error
    sender.send((*outcome, failed and f"{type(failed).__name__}: {failed}"))


def _prepared(step, folder):
    from analysis import ledger
    from analysis.ledger import checks, schema
    from analysis.views.parameters import Parameters

    if step == "check":
        return lambda: _without_problems(checks.check(folder))
    if step == "load":
        return lambda: ledger.load(folder)
    if step == "frictionless":
        from frictionless import Package, system

        resources = [r for r in schema.package()["resources"] if r["name"] in schema.TABLES]
        package = Package.from_descriptor(schema.package() | {"resources": resources}, basepath=str(folder))
        system.trusted = True
        return lambda: _valid(package.validate())
    module, view = step.split(".")
    function = getattr(importlib.import_module(f"analysis.views.{module}"), view)
    chosen, book = Parameters(), ledger.load(folder)
    more = {"parameters": chosen, "programme": chosen.programme}
    return lambda: function(book, *(more[name] for name in VIEWS[step]))


def _without_problems(problems):
    if problems:
        raise ValueError(f"{len(problems)} problems, the first: {problems[0]}")


def _valid(report):
    if not report.valid:
        raise ValueError("frictionless finds errors")


def _peak(anew=False):
    """Peak memory in bytes; ``anew`` lets it begin with what is in use now, where the system can (Linux)."""
    if anew and os.access("/proc/self/clear_refs", os.W_OK):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def show(rows):
    """The rows as lines of text: seconds, µs and bytes per claim for each size, and how much the largest costs more.

    The last column is the cost per claim at the largest size over that at ``STEADY`` claims: time, memory.
    """
    sizes = list(dict.fromkeys(row["claims"] for row in rows))
    cell = {(row["step"], row["claims"]): row for row in rows}
    lines = [f"{'s, µs and bytes per claim':<26}" + "".join(f"{size:>26,}" for size in sizes) + "   × time, memory"]
    for step in dict.fromkeys(row["step"] for row in rows):
        cells = [cell[step, size] for size in sizes]
        lines.append(f"{step:<26}" + "".join(f"{_shown(one):>26}" for one in cells) + f"   {_grown(cells)}")
    return lines


def _shown(row):
    if row["failed"]:
        return row["failed"][:24]
    return f"{row['seconds']:.2f} {row['seconds'] / row['claims'] * 1e6:.0f} {row['bytes'] / row['claims']:,.0f}"


def _grown(cells):
    steady = next((row for row in cells if row["claims"] == STEADY), None)
    last = cells[-1]
    if steady is None or last is steady or steady["failed"] or last["failed"]:
        return "-"
    times = (last["claims"] / STEADY) ** -1
    memory = f"{last['bytes'] / steady['bytes'] * times:.1f}" if steady["bytes"] else "-"
    return f"{last['seconds'] / steady['seconds'] * times:.1f}, {memory}"


def main(most=SIZES[-1], folder=None):
    sizes = [size for size in SIZES if size <= most]

    def tell(text):
        print(text, file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as made:
        rows = table(folder or made, sizes, tell=tell)
        print("\n".join(show(rows)))
        if COMPARED in sizes:
            tell("frictionless on the same files")
            ours, theirs, ratio = against_frictionless(folder or made)
            print(f"check {ours:.1f} s, frictionless {theirs:.1f} s at {COMPARED:,} claims: {ratio:.1f} times as long")


if __name__ == "__main__":
    main(*[int(word) for word in sys.argv[1:2]], *sys.argv[2:3])
