"""The ledger's wording against the held texts, where they are."""

import hashlib
import os
import re
import subprocess
from pathlib import Path

import pytest

from analysis import ledger
from analysis.curation import quotations
from analysis.values import paths

SEEDS = os.environ.get("TEXTS") or str(paths.PROJECT.parent / "shared" / "seeds")


def tracked():
    done = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=paths.PROJECT, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [paths.PROJECT / line for line in done.stdout.splitlines()]


@pytest.mark.skipif(not Path(SEEDS).is_dir(), reason="the held texts are not here: wording was not compared with them")
def test_every_claim_on_a_held_text_is_found_in_it():
    results = quotations.verify(ledger.load(), SEEDS)
    held = results[results["result"] != "text not held"]
    assert len(held) > 80
    assert held[held["result"] != "verified"].to_dict("records") == []


@pytest.mark.skipif(
    not Path(SEEDS).is_dir(), reason="the held texts are not here: sentences were not compared with them"
)
def test_no_run_of_twelve_words_of_a_held_text_stands_in_the_project():
    shingles, titles = set(), sorted(filter(None, ledger.load().sources["title"]), key=len, reverse=True)
    for path in Path(SEEDS).iterdir():
        words = re.findall(r"\w+", path.read_text(encoding="utf-8", errors="replace").lower())
        shingles |= {" ".join(words[i : i + 12]) for i in range(len(words) - 11)}
    for path in tracked():
        if path.suffix in (".csv", ".md", ".py", ".ipynb") and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            for title in titles:  # a headline is part of the citation
                text = text.replace(title, "")
            words = re.findall(r"\w+", re.sub(r"https?://\S+", "", text).lower())
            found = {" ".join(words[i : i + 12]) for i in range(len(words) - 11)} & shingles
            assert not found, f"{path.name}: {sorted(found)[:2]}"


def test_hashes_of_held_texts_are_whole():
    sources = ledger.load().sources
    held = sources[sources["text_sha256"] != ""]
    assert len(held) >= 5
    assert all(len(value) == len(hashlib.sha256(b"").hexdigest()) for value in held["text_sha256"])


def test_a_longer_name_that_holds_the_countrys_does_not_verify_a_claim(make_ledger, tmp_path_factory):
    texts = tmp_path_factory.mktemp("texts")
    data = b"Headline\n\nMen were flown to South Sudan.\nSudan has agreed.\n"
    (texts / "a.txt").write_bytes(data)
    held = {"read": "full", "text_sha256": hashlib.sha256(data).hexdigest()}
    sources = [{"source_id": "paper", **held}, {"source_id": "page", "published": "", **held}]
    claim = {"arrangement_id": "sdn-removal-2025", "locator": "p2", "wording": "flown to"}
    book = make_ledger(sources=sources, steps=[claim, claim | {"source_id": "page", "wording": "sailed to"}])
    assert quotations.verify(book, texts, near=0)["result"].tolist() == [
        "country not named nearby",
        "wording not in the paragraph",
    ]
    assert quotations.verify(book, texts, near=1)["result"].tolist()[0] == "verified"
