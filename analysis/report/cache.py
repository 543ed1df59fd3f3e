"""What has been made before, by the hash of all it was made from. An entry that is not what was put in is not given out.

Belongs here: bytes and where they lie. Does not belong here: what a key is made of (``edition``). Typical use::

    data = cache.get(key)
    if data is None:
        cache.put(key, data := make())
"""

import hashlib
import os
from pathlib import Path

from analysis.values import paths

LIMIT = 2000  # entries kept, about 400 MB; those not used for longest go first


def folder() -> Path:
    """Where the entries lie: one file per key."""
    return paths.BUILD / "cache"


def get(key: str) -> bytes | None:
    """The bytes kept under ``key``; ``None`` if there are none. A damaged entry is removed and counts as none."""
    path = folder() / key
    try:
        digest, _, data = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(data).hexdigest().encode() != digest:
        remove(key)
        return None
    os.utime(path)
    return data


def put(key: str, data: bytes) -> None:
    """Keep ``data`` under ``key``, in one step: no reader sees half of it."""
    path = folder() / key
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{key}.{os.getpid()}")
    aside.write_bytes(hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
    os.replace(aside, path)


def remove(key: str) -> None:
    """Forget what is kept under ``key``."""
    (folder() / key).unlink(missing_ok=True)


def prune(limit: int = LIMIT) -> None:
    """Remove all but the ``limit`` entries used last, and what was never finished."""
    files = [Path(entry) for entry in os.scandir(folder())] if folder().is_dir() else []
    unfinished = [path for path in files if "." in path.name]
    entries = sorted((path for path in files if "." not in path.name), key=lambda path: path.stat().st_mtime)
    for path in unfinished + entries[:-limit]:
        path.unlink(missing_ok=True)
