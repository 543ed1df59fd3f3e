"""Where things lie. Nothing here reads or writes; nothing else builds a path from a file's own location.

Typical use::

    paths.DATA / "steps.csv"
    paths.relative(paths.DATA / "steps.csv")  # data/steps.csv
"""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT / "data"
REFERENCE = DATA / "reference"
NOTEBOOKS = PROJECT / "notebooks"
REPORTS = PROJECT / "reports"
EDITIONS = REPORTS / "editions"
BUILD = PROJECT / ".build"
DISPLAY_TEMPLATES = PROJECT / "analysis" / "display" / "templates"
REPORT_TEMPLATES = PROJECT / "analysis" / "report" / "templates"


def relative(path: str | Path) -> str:
    """``path`` as seen from the project, or from here, for messages: never an absolute path where it can be avoided."""
    path = Path(path)
    for base in (PROJECT, Path.cwd()):
        if path.is_absolute() and path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.as_posix()
