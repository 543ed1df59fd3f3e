import os

import pytest

from analysis.report import cache
from analysis.values import paths


@pytest.fixture(autouse=True)
def build_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "BUILD", tmp_path)


def test_what_was_put_in_comes_out():
    cache.put("key", b"one\ntwo\n\x00")
    assert cache.get("key") == b"one\ntwo\n\x00"
    assert cache.get("other") is None


@pytest.mark.parametrize("damage", [b"", b"no digest", None])
def test_a_damaged_entry_counts_as_none_and_is_removed(damage):
    cache.put("key", b"text")
    path = cache.folder() / "key"
    path.write_bytes(path.read_bytes().replace(b"text", b"next") if damage is None else damage)
    assert cache.get("key") is None
    assert not path.exists()


def test_pruning_keeps_those_used_last_and_removes_what_was_never_finished():
    for number in range(4):
        cache.put(f"k{number}", b"x")
        os.utime(cache.folder() / f"k{number}", (number, number))
    (cache.folder() / "k9.123").write_bytes(b"half")
    cache.get("k0")
    cache.prune(2)
    assert sorted(path.name for path in cache.folder().iterdir()) == ["k0", "k3"]
