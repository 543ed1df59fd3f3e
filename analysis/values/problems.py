"""What is wrong with an input, in one line: file, line, column, value, rule, fix. Whatever is printed is escaped and cut.

What belongs elsewhere: finding what is wrong (``ledger``), printing it (``__main__``).

Typical use::

    problem = Problem("data/steps.csv", 7, "step", "agred", "one of named, asked, …", 'did you mean "agreed"?')
    print(problem)
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 120  # characters of one value that a message shows
# Letters and signs that show nothing, though their Unicode category says that they would: fillers of Hangul, vowels of
# Khmer that are implied, a blank of Braille, the joiner of graphemes, selectors of variants.
BLANK = re.compile(r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def shown(text: str, most: int = SHOWN) -> str:
    """``text`` as it may be printed: on one line, what is invisible or controls a terminal escaped, a long one cut."""
    short = text if len(text) <= most else text[:most]
    escaped = "".join(
        c if c.isprintable() and not BLANK.match(c) else c.encode("unicode_escape").decode("ascii") for c in short
    )
    return escaped if len(text) <= most else f"{escaped}… ({len(text):,} characters)"


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing wrong with an input: where, what is there, which rule it breaks, how to mend it.

    ``line`` is 0 where the whole file is meant; ``column`` is blank where a whole row is.
    """

    file: str
    line: int
    column: str
    value: str
    rule: str
    fix: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        what = f'column "{shown(self.column)}": value "{shown(self.value)}": ' if self.column else ""
        # Rules and fixes are written here, but may quote what stands in a file.
        return f"{shown(where, 500)}: {what}rule: {shown(self.rule, 1_000)}; fix: {shown(self.fix, 1_000)}"


class LedgerError(Exception):
    """The ledger, its schema or its table of places cannot be read. ``problems`` has one :class:`Problem` per reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
