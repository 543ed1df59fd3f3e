"""The command line: ``python -m analysis COMMAND``. The only room that prints; each command imports what it needs."""

import argparse
import sys

SHOWN = 4  # names of running notebooks for which a terminal has room
MAKE_VARIABLES = {"RUN", "TEXTS", "TEXT", "PUBLISHED", "FROM", "TO", "STEP", "PYTHON", "VENV"}


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
    add = commands.add_parser("report", help="check, run the notebooks that changed, write the report")
    add.add_argument("values", nargs="*", metavar="NAME=VALUE", help="as_of=2025-05-07 region_scheme=… JOBS=2 FORCE=1")
    add = commands.add_parser("explain", help="for each page, why it would be run again or reused; writes nothing")
    add.add_argument("values", nargs="*", metavar="NAME=VALUE", help="as for report")
    add = commands.add_parser("editions", help="an edition for the end of each month (or week) from one to another")
    add.add_argument(
        "values", nargs="*", metavar="NAME=VALUE", help="FROM=2025-02 TO=2026-06 STEP=month, and as for report"
    )
    add = commands.add_parser("changes", help="what became known between two days, or two revisions of the ledger")
    add.add_argument("start", metavar="FROM", help="a day, 2025-06-25, or a git revision")
    add.add_argument("end", metavar="TO", help="a later day, or a git revision")
    add = commands.add_parser("draft", help="rows proposed from a plain text, to accept or delete; writes nothing")
    add.add_argument("text", help="a file with the text of an article")
    add.add_argument("published", help="the day of the page, from which relative dates are worked out: 2025-05-07")
    options = parser.parse_args(arguments)
    try:
        return globals()[f"_{options.command}"](options)
    except KeyboardInterrupt:
        print("stopped; what was published before is as it was", file=sys.stderr)
        return 130
    except Exception as error:
        return _told(error)


def _told(error):
    """Say what is wrong with the input, or where the machine refused; whatever else it is, is a fault of this package."""
    from analysis.ledger.files import LedgerError

    if isinstance(error, LedgerError):
        return _problems(error.problems)
    if isinstance(error, OSError):
        print(f"error: {error}; what was published before is as it was", file=sys.stderr)
        return 1
    from analysis.report.notebooks import NotebookError
    from analysis.views.parameters import ParameterError

    if isinstance(error, NotebookError | ParameterError):
        print(f"error: {error}", file=sys.stderr)
        return 1
    raise error


def _problems(problems):
    for problem in problems:
        print(problem, file=sys.stderr)
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    print(f"{count} in the ledger; nothing was written", file=sys.stderr)
    return 1


def _check(options):
    from analysis.ledger import checks, files, schema
    from analysis.values import paths

    raws = files.read_all(options.folder or paths.DATA)
    if problems := checks.problems(raws):
        return _problems(problems)
    counts = [f"{len(raws[table])} {table}" for table in schema.TABLES]
    print(f"no problems: {', '.join(counts)}")
    return 0


def _verify(options):
    from analysis import ledger
    from analysis.curation import quotations

    results = quotations.verify(ledger.load(), options.texts)
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
    from analysis.report import site

    site.write_codebook()
    print("wrote data/CODEBOOK.md")
    return 0


def _notebooks(options):
    import shutil

    from analysis import ledger
    from analysis.ledger import checks
    from analysis.report import notebooks
    from analysis.values import paths

    if problems := checks.check():
        raise ledger.LedgerError(problems)
    sources, progress = notebooks.all_of(), _progress()
    progress.begin(len(sources), 0)
    tasks = [(path, paths.BUILD / "refresh" / path.name, {}) for path in sources]
    begun = lambda number: progress.started(sources[number].stem)  # noqa: E731
    for number, seconds, _ in notebooks.each(notebooks.run, tasks, started=begun, tick=progress.tick):
        progress.done(sources[number].stem, seconds)
    for path in sources:
        shutil.copyfile(paths.BUILD / "refresh" / path.name, path)
    return 0


def _report(options):
    from analysis.report import manifest
    from analysis.values import paths
    from analysis.views import parameters

    values, how = _split(options.values)
    chosen = parameters.build(values)
    if not how["force"] and manifest.current(chosen):
        print(f"nothing has changed; report: {paths.relative(manifest.folder_of(chosen) / 'index.html')}")
        return 0
    _prepare(how)
    from analysis.report import edition

    (folder,) = edition.build([values], **how, progress=_progress())
    print(f"report: {paths.relative(folder / 'index.html')}")
    return 0


def _explain(options):
    from analysis.report import edition

    values, _ = _split(options.values)
    for page, reason in edition.explain(values):
        print(f"{page:<28} {reason}")
    print("index, countries, claims, sources and codebook are put together anew whenever anything changed")
    return 0


def _editions(options):
    from analysis.report import edition, manifest
    from analysis.values import paths
    from analysis.views import parameters

    span = {"FROM": "", "TO": "", "STEP": "month"}
    span |= {name: value for name, _, value in (word.partition("=") for word in options.values) if name in span}
    values, how = _split([word for word in options.values if word.partition("=")[0] not in span])
    several = edition.series(span["FROM"], span["TO"], span["STEP"], values)
    all_of = [parameters.build(one) for one in several]
    todo = [one for one, chosen in zip(several, all_of, strict=True) if how["force"] or not manifest.current(chosen)]
    if todo:
        edition.build(todo, **how, progress=_progress())
    for chosen in all_of:
        print(paths.relative(manifest.folder_of(chosen) / "index.html"))
    print(f"{len(all_of)} editions, {len(all_of) - len(todo)} of them as they were")
    return 0


def _split(words):
    """What is said on the command line: parameters of the notebooks, and how to build."""
    from analysis.views.parameters import ParameterError

    values, how = {}, {"jobs": None, "force": False, "warm": True, "dask": None, "timeout": None}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise ParameterError(f'"{word}": rule: NAME=VALUE; fix: for example as_of=2025-05-07')
        if name in ("JOBS", "TIMEOUT"):
            if not value.isdecimal() or int(value) < 1:
                raise ParameterError(f'"{word}": rule: a whole number, 1 or more; fix: for example {name}=2')
            how[name.lower()] = int(value)
        elif name in ("FORCE", "WARM"):
            if value not in ("0", "1"):
                raise ParameterError(f'"{word}": rule: 0 or 1; fix: for example {name}=1')
            how[name.lower()] = value == "1"
        elif name == "DASK":
            how["dask"] = value
        elif name not in MAKE_VARIABLES:
            values[name.lower()] = int(value) if name.lower() == "min_origins" and value.isdecimal() else value
    return values, how


def _prepare(how):
    """Let the helper import what notebooks need while this process imports what it needs itself."""
    from analysis.report import notebooks

    if how["warm"] and not how["dask"]:
        notebooks.prepare()


def _changes(options):
    from analysis.values import paths
    from analysis.views import changes
    from analysis.views.parameters import Parameters

    chosen = Parameters()
    before, after = (_state(word) for word in (options.start, options.end))
    title = f"What became known from {options.start} to {options.end}"
    text = changes.report(before, after, chosen, title)
    target = paths.BUILD / "changes" / f"{options.start}_{options.end}.md".replace("/", "-")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(text)
    print(f"written: {paths.relative(target)}")
    return 0


def _state(word):
    """The ledger as of a day, or as it was in a git revision."""
    import re
    import subprocess
    import tempfile
    from pathlib import Path

    from analysis import ledger
    from analysis.ledger import schema
    from analysis.values import paths
    from analysis.views.parameters import ParameterError, Parameters

    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
        return Parameters(as_of=word).apply(ledger.load())
    with tempfile.TemporaryDirectory() as folder:
        for table in schema.TABLES:
            show = ["git", "show", f"{word}:data/{table}.csv"]
            done = subprocess.run(show, capture_output=True, cwd=paths.PROJECT, check=False)
            if done.returncode:
                rule = "a day YYYY-MM-DD, or a git revision that has the ledger's tables"
                raise ParameterError(f'"{word}": rule: {rule}; fix: for example 2025-06-25, or HEAD~1')
            (Path(folder) / f"{table}.csv").write_bytes(done.stdout)
        return ledger.load(folder)


def _draft(options):
    from pathlib import Path

    from analysis.curation import draft
    from analysis.values import dates
    from analysis.views.parameters import ParameterError

    path = Path(options.text)
    if not path.is_file():
        raise ParameterError(f'"{options.text}": rule: a file with a plain text; fix: save the text of the article')
    try:
        dates.parse(options.published)
    except ValueError as error:
        raise ParameterError(f'"{options.published}": rule: a date ({error}); fix: for example 2025-05-07') from None
    print(draft.show(draft.propose(path.read_text(encoding="utf-8"), options.published)))
    return 0


def _progress():
    """Tells how a build goes: a bar on a terminal, a line per page elsewhere."""
    from analysis.report import edition

    class Lines(edition.Quiet):
        def waiting(self, holder):
            print(f"another build is running ({holder}); waiting for it to end", file=sys.stderr, flush=True)

        def cut_off(self):
            print("the build before this one was cut off; what it left is put away", file=sys.stderr, flush=True)

        def begin(self, of, reused):
            self.of, self.at = of, reused
            print(f"{of} pages: {reused} reused, {of - reused} to run", flush=True)

        def done(self, name, seconds):
            self.at += 1
            print(f"[{self.at}/{self.of}] {name:<28} {seconds:5.1f} s", flush=True)

    class Bar(Lines):
        def begin(self, of, reused):
            from tqdm import tqdm

            self.running, tqdm.monitor_interval = [], 0  # no thread of its own
            form = "{n_fmt}/{total_fmt} |{bar:24}| {remaining} left, {postfix}"
            self.bar = tqdm(total=of, initial=reused, bar_format=form, disable=of == reused)
            self.reused = reused

        def started(self, name):
            self.running.append(name)
            self.tick()

        def done(self, name, seconds):
            self.running.remove(name)
            self.bar.update()
            if self.bar.n == self.bar.total:
                self.bar.close()

        def tick(self):
            now = ", ".join(name.rpartition("/")[2] for name in self.running[:SHOWN]) + "…" * (
                len(self.running) > SHOWN
            )
            self.bar.set_postfix_str(f"{self.reused} reused, now: {now}")

    return Bar() if sys.stderr.isatty() else Lines()


if __name__ == "__main__":
    sys.exit(main())
