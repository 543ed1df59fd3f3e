"""A table as a notebook displays it. It says what it is, so that a page, a CSV and a codebook can be made of it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jinja2
import pandas as pd

from analysis.display import links
from analysis.display.tables.column import Column
from analysis.values import paths

SHOWN_AS_TEXT = 5  # rows; the whole table is in the HTML and the CSV


@dataclass(frozen=True)
class Table:
    """A frame with a name, a caption and columns to show. In a notebook it displays itself; its CSV is the whole frame."""

    name: str
    caption: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    stored_rows: int | None = None  # how many the notebook's HTML has, where the page is made of the CSV; None for all

    def cells(self, rows: int | None = None) -> list[list[str]]:
        """The cells in words, one list of strings per row; of the first ``rows``, or of all."""
        return [[str(column.show(row)) for column in self.columns] for row in self.frame[:rows].to_dict("records")]

    def to_csv(self) -> str:
        """The whole frame as CSV, as :func:`csv_of` writes it."""
        return csv_of(self.frame)

    def to_html(self, rows: int | None = None) -> str:
        """The table in HTML, or its first ``rows``: links where a column makes them, and what a cell is sorted by where that
        is not its words."""
        shown = [[_Shown.of(column, row) for column in self.columns] for row in self.frame[:rows].to_dict("records")]
        return _template().render(name=self.name, caption=self.caption, columns=self.columns, rows=shown)

    def __repr__(self) -> str:
        lines = [self.caption, " | ".join(column.label for column in self.columns)]
        lines += [" | ".join(cells) for cells in self.cells(SHOWN_AS_TEXT)]
        return "\n".join(lines + self._more(SHOWN_AS_TEXT))

    def _more(self, rows: int | None) -> list[str]:
        """A line that says how many rows come after these, if any do."""
        more = 0 if rows is None else len(self.frame) - rows
        return [f"… and {more} more rows"] if more > 0 else []

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
        html = "\n".join([self.to_html(self.stored_rows), *(f"<p>{line}</p>" for line in self._more(self.stored_rows))])
        data = {"text/plain": repr(self), "text/html": html, "text/csv": self.to_csv()}
        return data, {"ledger": {"kind": "table", "name": self.name, "title": self.caption}}


@dataclass(frozen=True)
class _Shown:
    """A cell for the template: what it shows, and what it is sorted by (blank: by what it shows)."""

    shown: links.Cell
    sort: str

    @classmethod
    def of(cls, column: Column, row: dict) -> "_Shown":
        shown = column.show(row)
        sort = column.sort(row) if column.sort else ""
        return cls(shown, "" if sort == str(shown) else sort)


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(paths.DISPLAY_TEMPLATES)
    return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template(
        "table.html.j2"
    )


def csv_of(frame: pd.DataFrame) -> str:
    """A frame as CSV: days as YYYY-MM-DD, whole numbers without a point, true and false, missing as nothing."""
    plain = frame.copy()
    for column in plain.columns:
        if pd.api.types.is_datetime64_any_dtype(plain[column]):
            plain[column] = plain[column].dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_float_dtype(plain[column]):
            plain[column] = [_plain(value) for value in plain[column]]
        elif pd.api.types.is_bool_dtype(plain[column]):
            plain[column] = plain[column].map({True: "true", False: "false"})
    return plain.to_csv(index=False, lineterminator="\n")


def _plain(value: float) -> str:
    if pd.isna(value):
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
