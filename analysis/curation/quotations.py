"""Held texts against the ledger's locators and wording, for curators.

What belongs elsewhere: how a country is printed (``countries.mentioned``), proposing rows from a text (``draft``).

Typical use::

    results = verify(ledger.load(), "texts")
    results[results["result"] != "verified"]
"""

import hashlib
import re
from pathlib import Path

import pandas as pd

from analysis.ledger import Ledger, cell_checks
from analysis.values import countries

COLUMNS = ["table", "line", "claim_id", "source_id", "locator", "wording", "result"]
NEAR = 2  # paragraphs before and after the one that is named, in which the country may be


def plain(text: str) -> str:
    """Text with straight quotes and single spaces, as the ledger writes wording."""
    return " ".join(text.translate(cell_checks.SMART).split())


def held_texts(folder: str | Path) -> dict[str, list[str]]:
    """SHA-256 of each file in ``folder`` → its non-empty lines."""
    texts = {}
    for path in sorted(Path(folder).iterdir()):
        if path.is_file():
            data = path.read_bytes()
            texts[hashlib.sha256(data).hexdigest()] = paragraphs(data.decode("utf-8", errors="replace"))
    return texts


def verify(book: Ledger, folder: str | Path, near: int = NEAR) -> pd.DataFrame:
    """Claims against the texts held in ``folder``: one row per claim with a locator, and what was found.

    Columns: ``table``, ``line``, ``claim_id``, ``source_id``, ``locator``, ``wording``, ``result``, which is ``verified``,
    or ``text not held``, ``no such paragraph``, ``wording not in the paragraph``, ``country not named nearby``. The
    country's name or adjective may stand in the paragraph or up to ``near`` paragraphs from it; a longer name that holds it
    ("South Sudan" for Sudan) does not count. Claims about the whole programme, which have no country, are verified by
    wording alone; undated claims are verified like all others.
    """
    texts = held_texts(folder)
    hashes = dict(zip(book.sources["source_id"], book.sources["text_sha256"], strict=True))
    claims = pd.concat([book.claims, book.undated], ignore_index=True)
    claims = claims[claims["locator"] != ""].fillna({"receiver": ""})
    results = [
        _result(texts.get(hashes[source]), locator, wording, receiver, near)
        for source, locator, wording, receiver in zip(
            claims["source_id"], claims["locator"], claims["wording"], claims["receiver"], strict=True
        )
    ]
    return claims.assign(result=results)[COLUMNS].reset_index(drop=True)


def paragraphs(text: str) -> list[str]:
    """The non-empty lines of a text, which locators count from p1."""
    return [line for line in re.split(r"\r?\n", text) if line.strip()]


def _result(lines: list[str] | None, locator: str, wording: str, receiver: str, near: int) -> str:
    if lines is None:
        return "text not held"
    number = int(locator[1:])
    if number > len(lines):
        return f"no such paragraph: the text has {len(lines)}"
    if plain(wording).casefold() not in plain(lines[number - 1]).casefold():
        return "wording not in the paragraph"
    window = " ".join(lines[max(0, number - 1 - near) : number + near])
    return "verified" if not receiver or countries.mentioned(receiver, window) else "country not named nearby"
