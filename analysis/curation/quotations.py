"""Held texts against the ledger's locators and wording. For curators; nothing else imports it."""

import hashlib
import re
from pathlib import Path

import pandas as pd

from analysis.ledger import cell_checks
from analysis.values import countries


def plain(text):
    """Text with straight quotes and single spaces, as the ledger writes wording."""
    return " ".join(text.translate(cell_checks.SMART).split())


def held_texts(folder):
    """SHA-256 of each file in ``folder`` → its non-empty lines."""
    texts = {}
    for path in sorted(Path(folder).iterdir()):
        if path.is_file():
            data = path.read_bytes()
            texts[hashlib.sha256(data).hexdigest()] = paragraphs(data.decode("utf-8", errors="replace"))
    return texts


def verify(book, folder, near=2):
    """Claims against the texts held in ``folder``: one row per claim with a locator, and what was found.

    ``result`` is ``verified``, or ``text not held``, ``no such paragraph``, ``wording not in the paragraph``,
    ``country not named nearby``. The country's name or adjective may stand in the paragraph or up to ``near`` paragraphs
    from it; the whole-programme claims, which have no country, are verified by wording alone.
    """
    texts = held_texts(folder)
    hashes = book.sources.set_index("source_id")["text_sha256"]
    claims = book.claims
    rows = []
    for claim in claims[claims["locator"] != ""].itertuples():
        lines = texts.get(hashes[claim.source_id])
        number = int(claim.locator[1:])
        if lines is None:
            result = "text not held"
        elif number > len(lines):
            result = f"no such paragraph: the text has {len(lines)}"
        elif plain(claim.wording).casefold() not in plain(lines[number - 1]).casefold():
            result = "wording not in the paragraph"
        else:
            window = " ".join(lines[max(0, number - 1 - near) : number + near])
            country = claim.receiver if isinstance(claim.receiver, str) else ""
            result = "verified" if not country or countries.mentioned(country, window) else "country not named nearby"
        rows.append((claim.table, claim.line, claim.claim_id, claim.source_id, claim.locator, claim.wording, result))
    return pd.DataFrame(rows, columns=["table", "line", "claim_id", "source_id", "locator", "wording", "result"])


def paragraphs(text):
    """The non-empty lines of a text, which locators count from p1."""
    return [line for line in re.split(r"\r?\n", text) if line.strip()]
