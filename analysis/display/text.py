"""Words for readers: sentences with their numbers, plurals, lists. Here a sentence gets its numbers and becomes HTML.

A few sentences are worded beside the frame that they tell of (``views.timing.headline``) and only set here.

What belongs elsewhere: the numbers (``views.answers``), words of codes (``ledger.schema``), of dates and ranges (``values``).

Typical use::

    text.sentence("By {day}, **{received}** had received people.", received=numbers["countries_received"], day="1 May 2025")
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import markdown_it
import pandas as pd
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from analysis.display import links
from analysis.views import provenance
from analysis.views.answers import Answer

NUMBERS = f"{links.REPORT}numbers"  # the folder of the report with a page for each quantity
MILLIONS = re.compile(r"\b\d{1,3}(?:,\d{3})*,\d{2}0,000\b")  # whole to a hundredth of a million
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Sentence:
    """A computed sentence in Markdown. In a notebook it displays itself.

    ``headline`` marks the one that answers the notebook's question. ``numbers`` are the answers in it: on a page each is a
    link to its claims, in plain text it is the number alone.
    """

    markdown: str
    headline: bool = False
    numbers: tuple[Answer, ...] = ()

    def __repr__(self) -> str:
        return LINK.sub(r"\1", self.markdown)

    def to_html(self) -> str:
        """The sentence as an HTML paragraph; links of numbers are relative to the report's folder."""
        return _renderer().render(self.markdown)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
        kind = "headline" if self.headline else "sentence"
        numbers = [
            {"name": a.name, "label": a.label, "words": a.words, "unit": a.unit, "claim_ids": list(a.claim_ids)}
            for a in self.numbers
        ]
        data = {"text/plain": repr(self), "text/markdown": self.markdown, "text/html": self.to_html()}
        return data, {"ledger": {"kind": kind, "numbers": numbers}}


def sentence(template: str, *, headline: bool = False, **values: Any) -> Sentence:
    """A :class:`Sentence` from a template: each ``{name}`` becomes the value, an :class:`Answer` a link to its claims."""
    words = {name: quantity(value) if isinstance(value, Answer) else str(value) for name, value in values.items()}
    numbers = tuple(value for value in values.values() if isinstance(value, Answer))
    return Sentence(template.format(**words), headline, numbers)


def quantity(answer: Answer) -> str:
    """An answer in Markdown: its number, linked to the page with the claims behind it."""
    return f"[{answer.words}]({NUMBERS}/{answer.name}.html)"


WEAK = {
    provenance.ONE_ORIGIN: "rests on a single first report each",
    provenance.DIGESTS_ONLY: "rests on machine-made digests alone",
    provenance.DOUBTFUL: "rests on claims marked doubtful",
}


def weakness(answer: Answer) -> str:
    """A sentence that says what the larger part of a number rests on where that is weak; blank where it is not."""
    words = WEAK.get(answer.support, "")
    return f"The larger part of this number {words}." if words else ""


def stopped_since(stopped: Answer) -> str:
    """The sentence on those that agreed and stopped since, a template with places for ``{stopped}`` and ``{agreed}``."""
    if not stopped.value:
        return "No report says of any of the {agreed} that all it agreed to was later declined, halted or ended."
    return "Of {stopped} of the {agreed}, reports say that all that was agreed was later declined, halted or ended."


RESTS_ON = {
    provenance.SEVERAL_ORIGINS: "on two or more independent first reports",
    provenance.ONE_ORIGIN: "on one first report",
    provenance.DIGESTS_ONLY: "on machine-made digests alone",
    provenance.DOUBTFUL: "on claims marked doubtful",
}


def support_of(rows: pd.DataFrame) -> str:
    """How many of the rows of ``positions.with_evidence`` rest on what: ``31 rest on two or more independent first reports,
    33 on one first report``. The counts add up to the rows.
    """
    counts = rows["support"].value_counts()
    found = [(counts[support], words) for support, words in RESTS_ON.items() if support in counts]
    if not found:
        return "none"
    (count, words), *others = found
    first = f"{count} {'rests' if count == 1 else 'rest'} {words}"
    return series([first, *(f"{count} {words}" for count, words in others)])


def plural(count: float, noun: str, several: str = "") -> str:
    """A count with its noun: ``1 claim``, ``2 claims``; ``several`` is the plural where it is not noun + s."""
    return f"{count:,.0f} {noun if count == 1 else several or noun + 's'}"


def millions(amount: float) -> str:
    """A sum in millions, with two decimals at the most: 7500000 → ``7.5``."""
    return f"{amount / 1e6:,.2f}".rstrip("0").rstrip(".")


def in_millions(amount: str) -> str:
    """A sum in words with its millions, where they come out even: ``USD 7,500,000`` → ``USD 7.5 million``."""
    return MILLIONS.sub(lambda found: f"{millions(int(found[0].replace(',', '')))} million", amount)


def series(words: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``; ``none`` for nothing."""
    words = list(words)
    if len(words) < 2:
        return words[0] if words else "none"
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _renderer() -> markdown_it.MarkdownIt:
    parser = markdown_it.MarkdownIt("commonmark")
    parser.add_render_rule("link_open", _link)
    return parser


def _link(self: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    """Links of numbers say which quantity they are."""
    token = tokens[index]
    target = str(token.attrGet("href") or "")
    if target.startswith(f"{NUMBERS}/"):
        token.attrSet("class", "number")
        token.attrSet("data-quantity", target.removeprefix(f"{NUMBERS}/").removesuffix(".html"))
    return self.renderToken(tokens, index, options, env)
