"""Putting a finished edition in the place of the one before it, so that at every moment one of the two is there, whole.

Belongs here: what happens to folders, and whose files in them are whose. Does not belong here: making an edition
(``edition``), saying what it consists of (``manifest``). Typical use::

    publishing.keep_foreign(aside, folder)
    publishing.swap(aside, folder)
"""

import ctypes
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from analysis.report import manifest
from analysis.values import paths

# Within a folder that cannot be exchanged itself: what is still being copied, what is whole, what it takes the place of.
ARRIVING, ARRIVED, LEAVING = ".arriving", ".arrived", ".leaving"
OURS = ("tables/*.csv", "figures/*.svg", "figures/*.png")  # of a report that git has brought without its manifest
NOT_EXCHANGEABLE = (errno.EXDEV, errno.EBUSY, errno.EACCES, errno.EPERM)


def tidy() -> None:
    """Put away what a build left that was cut off; the caller holds the lock, so nobody else can be using it."""
    for old in paths.BUILD.glob("old-*"):
        home = paths.EDITIONS / old.name.removeprefix("old-")
        home = paths.REPORTS if home.name == paths.REPORTS.name else home
        if not home.exists():
            os.rename(old, home)
    for left in (*paths.BUILD.glob("report-*"), *paths.BUILD.glob("old-*")):
        _remove(left)
    for left in (paths.BUILD / "tmp").glob("*"):
        if not _runs(left.name):
            _remove(left)
    _remove(paths.BUILD / "notebooks")
    for folder in (paths.REPORTS, *(paths.EDITIONS.glob("*") if paths.EDITIONS.is_dir() else ())):
        if folder.is_dir():
            _remove(folder / ARRIVING)
            _settle(folder)


def _runs(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:  # another user's
        pass
    return True


def keep_foreign(new: Path, target: Path) -> None:
    """Take over into ``new`` the files of ``target`` that no build has written (``CNAME``, ``.git``, notes) and all editions.

    What a build has written is said by the manifest of ``target``. Where ``new`` has a file of the same name, that one stays.
    """
    for name in _foreign(target):
        source, copy = target / name, new / name
        if os.path.lexists(copy):
            continue
        if any(parent.is_file() for parent in copy.parents if parent.is_relative_to(new)):
            raise OSError(f"{paths.relative(source)} was not made by a build and is in its way: move it away")
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir() and not source.is_symlink():
            copy.mkdir(exist_ok=True)
        elif source.is_symlink():
            os.symlink(os.readlink(source), copy)
        else:
            try:
                os.link(source, copy)
            except OSError:
                shutil.copy2(source, copy)


def _foreign(target: Path) -> Iterator[Path]:
    """The files, links and empty folders of ``target`` that its manifest does not know, relative to it, in order."""
    known = manifest.read(target)
    ours = {manifest.NAME, *(known["outputs"] if known else ())}
    if known is None:
        ours |= {path.relative_to(target).as_posix() for pattern in OURS for path in target.glob(pattern)}
    own = _own_entries(target)
    for folder, folders, files in os.walk(target):
        here = Path(folder).relative_to(target)
        if here == Path():
            folders[:] = [name for name in folders if name not in (ARRIVING, ARRIVED, LEAVING, *own)]
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        yield from (here / name for name in sorted(files + links) if (here / name).as_posix() not in ours)
        if not files and not folders and here != Path():
            yield here


def _own_entries(target: Path) -> set[str]:
    """Folders at the top of a mount point that only its file system may touch."""
    return {"lost+found"} if os.path.ismount(target) else set()


def swap(new: Path, target: Path) -> None:
    """Put the folder ``new`` where ``target`` is, so that at every moment one of the two is there, whole.

    A link is followed. A folder that cannot be exchanged, a mount point or one on another file system, keeps its place
    and its contents are exchanged: what is new is copied beside them first, and then moved in, entry by entry, which
    the next build completes if it is cut off.
    """
    target = Path(os.path.realpath(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if os.path.ismount(target):
            raise OSError(errno.EBUSY, "a mount point", os.fspath(target))
        _swap_folder(new, target)
    except OSError as error:
        if error.errno not in NOT_EXCHANGEABLE or not new.is_dir():
            raise
        _swap_contents(new, target)


def _swap_folder(new: Path, target: Path) -> None:
    if not target.exists():
        os.rename(new, target)
    elif not _exchange(new, target):
        old = paths.BUILD / f"old-{target.name}"
        os.rename(target, old)
        try:
            os.rename(new, target)
        except OSError:
            os.rename(old, target)
            raise
        _remove(old)


def _swap_contents(new: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    _remove(target / ARRIVING)
    try:
        shutil.copytree(new, target / ARRIVING, symlinks=True)
    except OSError as error:
        _remove(target / ARRIVING)
        # shutil tells of each file; the first says enough.
        raise OSError(error.args[0][0][2]) if isinstance(error, shutil.Error) else error from None
    os.rename(target / ARRIVING, target / ARRIVED)
    _settle(target)


def _settle(target: Path) -> None:
    """Move in what has arrived, whole; what it takes the place of is removed. Can be cut off and begun again."""
    arrived, leaving = target / ARRIVED, target / LEAVING
    if arrived.is_dir():
        leaving.mkdir(exist_ok=True)
        # As long as the new manifest has not come in, which is last, both say what belongs to which.
        for name in _at_the_top(target) - _at_the_top(arrived) if (arrived / manifest.NAME).is_file() else ():
            if os.path.lexists(target / name):
                os.rename(target / name, leaving / name)
        for entry in sorted(arrived.iterdir(), key=lambda path: path.name == manifest.NAME):
            home = target / entry.name
            if os.path.lexists(home):
                _remove(leaving / entry.name)
                os.rename(home, leaving / entry.name)
            os.rename(entry, home)
        arrived.rmdir()
    _remove(leaving)


def _at_the_top(folder: Path) -> set[str]:
    """The first part of the path of each file that a build has put into ``folder``."""
    known = manifest.read(folder)
    return {name.split("/")[0] for name in (known["outputs"] if known else ())}


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _exchange(new: Path, target: Path) -> bool:
    """Exchange two folders in one step of the file system, where the system has it (Linux); False where not."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return bool(renameat2(here, os.fsencode(new), here, os.fsencode(target), exchange) == 0)
