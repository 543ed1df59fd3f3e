"""The command line: ``python -m analysis COMMAND``. The only module that prints; each command imports what it needs.

Belongs here: words in, words out. Does not belong here: anything that a notebook or a test would call. Typical use::

    python -m analysis report as_of=2025-05-07 JOBS=2
"""

import argparse
import contextlib
import difflib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from analysis.report.progress import Progress
from analysis.values import paths

if TYPE_CHECKING:
    from analysis.ledger.files import Problem
    from analysis.ledger.loading import Ledger

SHOWN = 4  # names of running notebooks for which a terminal has room
PORT = 8350  # of the preview
# Notebooks at a time; seconds, a day; what TCP has; more origins than any fact has.
MOST = {"JOBS": 256, "TIMEOUT": 86_400, "PORT": 65_535, "MIN_ORIGINS": 1_000}
EXAMPLES = {"JOBS": 2, "TIMEOUT": 300, "PORT": PORT, "MIN_ORIGINS": 2}
MAKE_VARIABLES = {"RUN", "PYTHON", "VENV"}  # what make itself takes: it passes on all that was said to it


class How(TypedDict):
    """How a report is built: what :func:`analysis.report.edition.build` takes beside parameters."""

    jobs: int | None
    force: bool
    warm: bool
    dask: str | None
    timeout: int | None


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 something is wrong with the input, 130 stopped by Ctrl-C.

    Wrong usage ends the process with 2, as ``argparse`` does.
    """
    options = _parser().parse_args(arguments)
    # Not the reader's own settings; and a reader may have no home in which matplotlib could keep what it keeps.
    os.environ.setdefault("MPLCONFIGDIR", str(paths.BUILD / "matplotlib"))
    options.progress = _progress()
    try:
        code = int(globals()[f"_{options.command}"](options))
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever reads has read enough: make explain | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print(f"stopped; {_left(options.progress)}", file=sys.stderr)
        return 130
    except Exception as error:
        return _told(error, options.progress)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis", description="The Third-Country Ledger.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text)

    def add_said(name: str, text: str, example: str) -> argparse.ArgumentParser:
        command = add(name, text)
        command.add_argument("values", nargs="*", metavar="NAME=VALUE", help=example)
        command.add_argument("--make", default="", metavar="WORDS", help="the same, all in one word as make writes it")
        return command

    command = add("check", "check the ledger: every problem with file, line, column, value, rule, fix")
    command.add_argument("folder", nargs="?", help="the folder with the CSV files (default: data)")
    add("codebook", "write data/CODEBOOK.md from data/datapackage.json")
    add("release", "write the data in every format, a zip, a wheel and sums into dist/")
    add("notebooks", "run all notebooks with default parameters and store their outputs in place")
    add("outputs", "run all notebooks and say which stored outputs are no longer what they show")
    add_said("verify", "compare locators and wording with held texts", "TEXTS=folder, matched to sources by SHA-256")
    values = "as_of=2025-05-07 region_scheme=… JOBS=2 FORCE=1"
    add_said("report", "check, run the notebooks that changed, write the report", values)
    add_said("explain", "for each page, why it would be run again or reused; writes nothing", "as for report")
    values = f"PORT={PORT}, and parameters as for report"
    add_said("preview", "serve the report on this machine and build it again at each save", values)
    values = "FROM=2025-02 TO=2026-06 STEP=month, and as for report"
    add_said("editions", "an edition for the end of each month (or week) from one to another", values)
    values = "FROM=2025-06-25 TO=2025-12-31: days, or git revisions"
    add_said("changes", "what became known between two days, or two revisions of the ledger", values)
    values = "TEXT=article.txt PUBLISHED=2025-05-07: relative dates are worked out from that day"
    add_said("draft", "rows proposed from a plain text, to accept or delete; writes nothing", values)
    return parser


def _words(options: argparse.Namespace) -> list[str]:
    """NAME=VALUE words of the command line. In ``--make`` they are one text.

    As make writes ``MAKEOVERRIDES``, a blank within a word follows a backslash, and a dollar sign another one.
    """
    words, word, text = list(options.values), "", iter(options.make)
    for character in text:
        if character == " ":
            words += [word] if word else []
            word = ""
        elif character in "\\$":
            word += next(text, "")
        else:
            word += character
    return words + ([word] if word else [])


def _pairs(words: Iterable[str]) -> dict[str, str]:
    """The words as name → value. Raises ``ParameterError`` for one without ``=``, and for a name said twice."""
    from analysis.views.parameters import ParameterError

    said: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise ParameterError(f'"{word}": rule: NAME=VALUE; fix: for example as_of=2025-05-07')
        if name.lower() in map(str.lower, said):
            raise ParameterError(f'"{word}": rule: each parameter is said once; fix: leave out one of the two')
        said[name] = value
    return said


def _taken(said: dict[str, str], names: Iterable[str]) -> dict[str, str]:
    """The values of ``names``, blank where they are not said; they are taken out of ``said``."""
    return {name: said.pop(name, "") for name in names}


def _named(options: argparse.Namespace, names: Sequence[str]) -> dict[str, str]:
    """The values of ``names``, blank where they are not said. Raises ``ParameterError`` for any other name."""
    from analysis.views.parameters import ParameterError

    said = _pairs(_words(options))
    found = _taken(said, names)
    for name in said:
        if name not in MAKE_VARIABLES:
            near = difflib.get_close_matches(name.upper(), names, n=1)
            fix = f"did you mean {near[0]}?" if near else "leave it out"
            raise ParameterError(
                f'"{name}={said[name]}": rule: {options.command} takes {" and ".join(names)}; fix: {fix}'
            )
    return found


def _left(progress: Progress) -> str:
    """What a command that was cut short has left of what is published."""

    done = [paths.relative(folder) for folder in progress.finished] if isinstance(progress, Lines) else []
    return f"{', '.join(done)} was published before that" if done else "what was published before is as it was"


def _told(error: Exception, progress: Progress) -> int:
    """Say what is wrong with the input, or where the machine refused; whatever else it is, is a fault of this package."""
    from analysis.ledger.files import LedgerError

    if isinstance(error, LedgerError):
        return _problems(error.problems)
    if isinstance(error, OSError):
        print(f"error: {error}; {_left(progress)}", file=sys.stderr)
        return 1
    from analysis.report.manifest import InputsChanged
    from analysis.report.notebooks import NotebookError
    from analysis.views.parameters import ParameterError

    if isinstance(error, NotebookError | ParameterError | InputsChanged):
        print(f"error: {error}", file=sys.stderr)
        return 1
    raise error


def _problems(problems: "list[Problem]", left: str = "; nothing was written") -> int:
    """Print them, and how many; ``left`` says what the command that found them has left undone."""
    for problem in problems:
        print(problem, file=sys.stderr)
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    print(f"{count} in the ledger{left}", file=sys.stderr)
    return 1


def _check(options: argparse.Namespace) -> int:
    from analysis.ledger import checks, files, schema

    raws = files.read_all(options.folder or paths.DATA)
    if problems := checks.problems(raws):
        return _problems(problems, left="")
    counts = [f"{len(raws[table])} {table}" for table in schema.TABLES]
    print(f"no problems: {', '.join(counts)}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from analysis import ledger
    from analysis.curation import quotations
    from analysis.views.parameters import ParameterError

    texts = _named(options, ["TEXTS"])["TEXTS"] or os.environ.get("LEDGER_TEXTS", "")
    if not texts:
        raise ParameterError("no texts: say where they are, make verify TEXTS=folder")
    if not Path(texts).is_dir():
        raise ParameterError(f'"TEXTS={texts}": rule: a folder of texts; fix: correct the path')
    results = quotations.verify(ledger.load(), texts)
    wrong = results[~results["result"].isin(["verified", "text not held"])]
    for row in wrong.to_dict("records"):
        print(f"data/{row['table']}.csv:{row['line']}: {row['claim_id']} {row['source_id']} {row['locator']}: "
              f'wording "{row["wording"]}": {row["result"]}', file=sys.stderr)  # fmt: skip
    missing = sorted(set(results.loc[results["result"] == "text not held", "source_id"]))
    if missing:
        print(f"texts not held here, not verified: {', '.join(missing)}")
    print(f"{(results['result'] == 'verified').sum()} of {len(results)} claims with a locator verified")
    return 1 if len(wrong) else 0


def _codebook(options: argparse.Namespace) -> int:
    from analysis.report import site

    site.write_codebook()
    print("wrote data/CODEBOOK.md")
    return 0


def _release(options: argparse.Namespace) -> int:
    from analysis.ledger import checks
    from analysis.report import manifest, release
    from analysis.views.parameters import ParameterError, Parameters

    release.refuse(checks.check())
    if not manifest.current(Parameters()):
        rule = "a release holds the tables of the report as it is made from the ledger, notebooks and code of now"
        raise ParameterError(f'"{paths.relative(paths.REPORTS)}": rule: {rule}; fix: make report first')
    try:
        written = release.build()
    except ImportError as error:
        raise ParameterError(f'{error.name} is not installed: pip install "third-country-ledger[release]"') from None
    for path in written:
        print(paths.relative(path))
    return 0


def _notebooks(options: argparse.Namespace) -> int:
    from analysis.report import stored

    stored.renew(options.progress)
    return 0


def _outputs(options: argparse.Namespace) -> int:
    from analysis.report import stored

    found = list(stored.differences(options.progress))
    for difference in found:
        print(difference, file=sys.stderr)
    if found:
        print("outputs changed: run `make notebooks`", file=sys.stderr)
        return 1
    print("every notebook shows what is stored in it")
    return 0


def _report(options: argparse.Namespace) -> int:
    from analysis.report import manifest
    from analysis.views import parameters

    values, how = _split(_pairs(_words(options)))
    chosen = parameters.build(values)
    moment = manifest.Moment.now()  # before the code is imported that is among it
    if not how["force"] and manifest.current(chosen, moment.hashes):
        print(f"nothing has changed; report: {paths.relative(manifest.folder_of(chosen) / 'index.html')}")
        return 0
    _prepare(how)
    from analysis.report import edition

    (folder,) = edition.build([values], **how, progress=options.progress, moment=moment)
    print(f"report: {paths.relative(folder / 'index.html')}")
    return 0


def _preview(options: argparse.Namespace) -> int:
    from analysis.report import preview
    from analysis.views.parameters import ParameterError

    said = _pairs(_words(options))
    port = _whole("PORT", said.pop("PORT", str(PORT)))
    values, _ = _split(said)
    try:
        preview.run(values, port, lambda line: print(line, flush=True))
    except ImportError as error:
        if error.name != "watchfiles":
            raise
        raise ParameterError('watchfiles is not installed: pip install "third-country-ledger[preview]"') from None
    return 0


def _explain(options: argparse.Namespace) -> int:
    from analysis.report import edition

    values, _ = _split(_pairs(_words(options)))
    for page, reason in edition.explain(values):
        print(f"{page:<28} {reason}")
    print("all other pages, and the data, are put together anew whenever anything changed")
    return 0


def _editions(options: argparse.Namespace) -> int:
    from analysis import ledger
    from analysis.report import edition, manifest
    from analysis.views import parameters

    said = _pairs(_words(options))
    start, end, step = _taken(said, ["FROM", "TO", "STEP"]).values()
    values, how = _split(said)
    known = None
    with contextlib.suppress(ledger.LedgerError):  # the build says all that is wrong
        known = parameters.known_days(ledger.load())
    several = edition.series(start, end, step or "month", values, known)
    all_of = [parameters.build(one) for one in several]
    moment = manifest.Moment.now()
    todo = [
        one
        for one, chosen in zip(several, all_of, strict=True)
        if how["force"] or not manifest.current(chosen, moment.hashes)
    ]
    if todo:
        edition.build(todo, **how, progress=options.progress, moment=moment)
    for chosen in all_of:
        print(paths.relative(manifest.folder_of(chosen) / "index.html"))
    print(f"{len(all_of)} editions, {len(all_of) - len(todo)} of them as they were")
    return 0


def _split(said: Mapping[str, str]) -> tuple[dict[str, Any], How]:
    """What is said on the command line, name → value: parameters of the notebooks, and how to build."""
    from analysis.views.parameters import ParameterError

    values: dict[str, Any] = {}
    how: How = {"jobs": None, "force": False, "warm": True, "dask": None, "timeout": None}
    for name, value in said.items():
        if name == "JOBS":
            how["jobs"] = _whole(name, value)
        elif name == "TIMEOUT":
            how["timeout"] = _whole(name, value)
        elif name in ("FORCE", "WARM"):
            if value not in ("0", "1"):
                raise ParameterError(f'"{name}={value}": rule: 0 or 1; fix: for example {name}=1')
            how["force" if name == "FORCE" else "warm"] = value == "1"
        elif name == "DASK":
            if not value.strip():
                rule, fix = "the address of a scheduler", "for example DASK=tcp://host:8786, or leave it out"
                raise ParameterError(f'"{name}={value}": rule: {rule}; fix: {fix}')
            how["dask"] = value
        elif name not in MAKE_VARIABLES:
            whole = name.upper() == "MIN_ORIGINS"
            values[name.lower()] = _whole(name.upper(), value) if whole else value
    return values, how


def _whole(name: str, text: str) -> int:
    from analysis.views.parameters import ParameterError

    if not (text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= MOST[name]):
        rule = f"a whole number from 1 to {MOST[name]}"
        raise ParameterError(f'"{name}={text[:40]}": rule: {rule}; fix: for example {name}={EXAMPLES[name]}')
    return int(text)


def _prepare(how: How) -> None:
    """Let the helper import what notebooks need while this process imports what it needs itself."""
    from analysis.report import notebooks

    if how["warm"] and not how["dask"]:
        notebooks.prepare()


def _changes(options: argparse.Namespace) -> int:
    from analysis.views import changes
    from analysis.views.parameters import ParameterError, Parameters

    start, end = _named(options, ["FROM", "TO"]).values()
    if not start or not end:
        raise ParameterError("say from when to when: make changes FROM=2025-06-25 TO=2025-12-31")
    for name, word in (("FROM", start), ("TO", end)):
        _refuse_no_day(name, word)
    if _is_day(start) and _is_day(end) and start > end:
        raise ParameterError(f'"FROM={start} TO={end}": rule: FROM is the earlier day; fix: swap them')
    before, after = (_state(word) for word in (start, end))
    found = changes.found(before, after, Parameters())
    text = changes.markdown(found, f"What became known from {start} to {end}")
    target = paths.BUILD / "changes" / f"{start}_{end}.md".replace("/", "-")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(text)
    print(f"written: {paths.relative(target)}")
    return 0


def _is_day(word: str) -> bool:
    import re

    return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word) is not None


def _refuse_no_day(name: str, word: str) -> None:
    """Raises ``ParameterError`` if ``word`` is written as a day and there is no such day."""
    from analysis.values import dates
    from analysis.views.parameters import ParameterError

    if _is_day(word):
        try:
            dates.parse_day(word)
        except ValueError as error:
            raise ParameterError(f'"{name}={word}": rule: a day that exists ({error}); fix: correct it') from None


def _state(word: str) -> "Ledger":
    """The ledger as of a day, or as it was in a git revision."""
    import subprocess
    import tempfile

    from analysis import ledger
    from analysis.ledger import schema
    from analysis.views.parameters import ParameterError, Parameters

    if _is_day(word):
        return Parameters(as_of=word).apply(ledger.load())
    with tempfile.TemporaryDirectory() as folder:
        for table in schema.FILES:
            show = ["git", "show", "--end-of-options", f"{word}:data/{table}.csv"]
            done = subprocess.run(show, capture_output=True, cwd=paths.PROJECT, check=False)
            if done.returncode == 0:
                (Path(folder) / f"{table}.csv").write_bytes(done.stdout)
            elif table not in schema.CAME_LATER:
                rule = "a day YYYY-MM-DD, or a git revision that has the ledger's tables"
                raise ParameterError(f'"{word}": rule: {rule}; fix: for example 2025-06-25, or HEAD~1')
        try:
            return ledger.load(folder, older=True)
        except ledger.LedgerError as error:
            first = str(error.problems[0]).replace(folder, "data")
            rule = "a git revision whose tables can be read by the rules of today"
            raise ParameterError(f'"{word}": rule: {rule} ({first}); fix: a later revision, or days') from None


def _draft(options: argparse.Namespace) -> int:
    from analysis.curation import draft
    from analysis.views.parameters import ParameterError

    text, published = _named(options, ["TEXT", "PUBLISHED"]).values()
    if not text or not published:
        raise ParameterError("say which text, and its day: make draft TEXT=article.txt PUBLISHED=2025-05-07")
    if not Path(text).is_file():
        raise ParameterError(f'"{text}": rule: a file with a plain text; fix: save the text of the article')
    try:
        draft.days_of(published)
    except ValueError as error:
        raise ParameterError(f'"{published}": rule: a date ({error}); fix: for example 2025-05-07') from None
    try:
        content = Path(text).read_text(encoding="utf-8")
    except ValueError:
        raise ParameterError(f'"{text}": rule: a plain text in UTF-8; fix: save it as one') from None
    print(draft.show(draft.propose(content, published)))
    return 0


class Lines(Progress):
    """Tells how a build goes, in a line per page."""

    def __init__(self) -> None:
        self.finished: list[Path] = []

    def waiting(self, holder: str) -> None:
        print(f"another build is running ({holder}); waiting for it to end", file=sys.stderr, flush=True)

    def cut_off(self) -> None:
        print("the build before this one was cut off; what it left is put away", file=sys.stderr, flush=True)

    def begin(self, total: int, reused: int) -> None:
        self.total, self.at = total, reused
        print(f"{total} pages: {reused} reused, {total - reused} to run", flush=True)

    def done(self, name: str, seconds: float) -> None:
        self.at += 1
        print(f"[{self.at}/{self.total}] {name:<28} {seconds:5.1f} s", flush=True)

    def changed(self, name: str) -> None:
        print(f"{name} was saved meanwhile: starting over", file=sys.stderr, flush=True)

    def writing(self, folder: Path) -> None:
        print(f"writing the pages of {paths.relative(folder)}", flush=True)

    def published(self, folder: Path) -> None:
        self.finished.append(folder)


class Bar(Lines):
    """The same as one bar on a terminal: what runs now, and how much is left."""

    def begin(self, total: int, reused: int) -> None:
        from tqdm import tqdm

        self.running: list[str] = []
        tqdm.monitor_interval = 0  # no thread of its own
        form = "{n_fmt}/{total_fmt} |{bar:24}| {remaining} left, {postfix}"
        self.bar = tqdm(total=total, initial=reused, bar_format=form, disable=total == reused)
        self.reused = reused

    def started(self, name: str) -> None:
        self.running.append(name)
        self.tick()

    def done(self, name: str, seconds: float) -> None:
        self.running.remove(name)
        self.bar.update()
        if self.bar.n == self.bar.total:
            self.bar.close()

    def tick(self) -> None:
        names = [name.rpartition("/")[2] for name in self.running[:SHOWN]]
        now = ", ".join(names) + "…" * (len(self.running) > SHOWN)
        self.bar.set_postfix_str(f"{self.reused} reused, now: {now}")


def _progress() -> Lines:
    return Bar() if sys.stderr.isatty() else Lines()


if __name__ == "__main__":
    sys.exit(main())
