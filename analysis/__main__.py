"""The command line: ``python -m analysis COMMAND``. The only room that prints; each command imports what it needs."""

import argparse
import sys
import time

MAKE_VARIABLES = {"TEXTS", "PYTHON", "VENV"}


def main(arguments=None):
    """Run one command; returns the exit code: 0 done, 1 something is wrong with the input, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m analysis", description="The Third-Country Ledger.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add = commands.add_parser("check", help="check the ledger: every problem with file, line, column, value, rule, fix")
    add.add_argument("folder", nargs="?", help="the folder with the six CSV files (default: data)")
    add = commands.add_parser("verify", help="compare locators and wording with a folder of held texts")
    add.add_argument("texts", help="a folder of texts, matched to sources by SHA-256")
    commands.add_parser("codebook", help="write data/CODEBOOK.md from data/datapackage.json")
    commands.add_parser("notebooks", help="run all notebooks with default parameters and store their outputs in place")
    add = commands.add_parser("report", help="check, run the notebooks, write the report")
    add.add_argument("values", nargs="*", metavar="NAME=VALUE", help="parameters: as_of=2025-05-07 region_scheme=…")
    options = parser.parse_args(arguments)
    from analysis.ledger import LedgerError
    from analysis.notebooks import NotebookError
    from analysis.parameters import ParameterError

    try:
        return globals()[f"_{options.command}"](options)
    except LedgerError as error:
        return _problems(error.problems)
    except (NotebookError, ParameterError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _problems(problems):
    for problem in problems:
        print(problem, file=sys.stderr)
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    print(f"{count} in the ledger; nothing was written", file=sys.stderr)
    return 1


def _check(options):
    from analysis import checks, codebook, ledger, paths

    folder = options.folder or paths.DATA
    if problems := checks.check(folder):
        return _problems(problems)
    counts = [f"{len(ledger.read_raw(table, folder).rows)} {table}" for table in codebook.TABLES]
    print(f"no problems: {', '.join(counts)}")
    return 0


def _verify(options):
    from analysis import evidence, ledger

    results = evidence.verify(ledger.load(), options.texts)
    wrong = results[~results["result"].isin(["verified", "text not held"])]
    for row in wrong.to_dict("records"):
        print(f"data/{row['table']}.csv:{row['line']}: {row['claim_id']} {row['source_id']} {row['locator']}: "
              f'wording "{row["wording"]}": {row["result"]}', file=sys.stderr)  # fmt: skip
    missing = sorted(set(results.loc[results["result"] == "text not held", "source_id"]))
    if missing:
        print(f"texts not held here, not verified: {', '.join(missing)}")
    print(f"{(results['result'] == 'verified').sum()} of {len(results)} claims with a locator verified")
    return 1 if len(wrong) else 0


def _codebook(options):
    from analysis import site

    site.write_codebook()
    print("wrote data/CODEBOOK.md")
    return 0


def _notebooks(options):
    import shutil

    from analysis import checks, ledger, notebooks, paths

    if problems := checks.check():
        raise ledger.LedgerError(problems)
    sources = notebooks.all_of()
    with _Progress() as progress:
        for number, path in enumerate(sources):
            progress(number, len(sources), path.stem)
            notebooks.run(path, paths.BUILD / "refresh" / path.name)
    for path in sources:
        shutil.copyfile(paths.BUILD / "refresh" / path.name, path)
    return 0


def _report(options):
    from analysis import edition, parameters, paths

    values = {}
    for word in options.values:
        name, equals, value = word.partition("=")
        if not equals:
            raise parameters.ParameterError(f'"{word}": rule: NAME=VALUE; fix: for example as_of=2025-05-07')
        if name not in MAKE_VARIABLES:
            values[name.lower()] = int(value) if name.lower() == "min_origins" and value.isdecimal() else value
    with _Progress() as progress:
        folder = edition.build(values, progress)
    print(f"report: {paths.relative(folder / 'index.html')}")
    return 0


class _Progress:
    """A line per part when it is done, with its time; on a terminal also what runs now."""

    def __init__(self):
        self.current, self.started, self.live = None, 0.0, sys.stdout.isatty()

    def __call__(self, step, of, name):
        self._end()
        self.current, self.started = (step + 1, of, name), time.perf_counter()
        if self.live:
            print(f"[{step + 1}/{of}] {name} …", end="\r", flush=True)

    def _end(self, done=True):
        if self.current and done:
            step, of, name = self.current
            print(f"[{step}/{of}] {name:<28} {time.perf_counter() - self.started:5.1f} s", flush=True)
        self.current = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if self.live and kind:
            print()
        self._end(done=kind is None)


if __name__ == "__main__":
    sys.exit(main())
