"""Ranges of numbers with either bound missing: bring them together, and put them into words. They know no column.

What belongs elsewhere: which ranges are brought together (``views``).

Typical use::

    ranges.show_range(100, None, "people", "person")  # 100 or more people
    ranges.add([7, 100], [7, None])  # (107.0, None)
"""

from collections.abc import Sequence
from typing import TypeGuard

import numpy as np
import numpy.typing as npt

Number = float | int
Bounds = Sequence[float | int | None] | npt.NDArray[np.float64]


def present(value: Number | None) -> TypeGuard[Number]:
    """Whether a cell holds something: not ``None``, NaN or NaT, of which the last two do not equal themselves."""
    return value is not None and value == value


def number(value: Number) -> str:
    """A whole or decimal number with thousands separators: ``5100000`` → ``5,100,000``."""
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,.2f}"


def show_range(low: Number | None, high: Number | None, unit: str = "", one: str = "") -> str:
    """``low`` and ``high`` in words: ``100 or more``, ``up to 1,000``, ``4 to 7``, ``not reported``.

    ``unit`` follows the number: ``4 to 7 people``. ``one`` is its singular, if it has one: ``1 person``, ``up to 1 person``.
    """
    if one and high == 1 and (low == 1 or not present(low)):
        unit = one
    tail = f" {unit}" if unit else ""
    if present(low) and present(high):
        return f"{number(low)}{tail}" if low == high else f"{number(low)} to {number(high)}{tail}"
    if present(low):
        return f"{number(low)} or more{tail}"
    return f"up to {number(high)}{tail}" if present(high) else "not reported"


def add(lows: Bounds, highs: Bounds) -> tuple[float | None, float | None]:
    """The sum of ranges: a missing lower bound counts as nothing, a missing upper bound leaves the sum open.

    A range without any bound is left out; where there is no other, both bounds of the sum are ``None``.
    """
    lows, highs = np.asarray(lows, dtype="float64"), np.asarray(highs, dtype="float64")
    no_low, no_high = np.isnan(lows), np.isnan(highs)
    if (no_low & no_high).all():
        return None, None
    return float(np.nansum(lows)), (None if (no_high & ~no_low).any() else float(np.nansum(highs)))
