"""Ranges of numbers with either bound missing: bring them together, and put them into words. No columns here."""

import math

import numpy as np


def present(value):
    return value is not None and not (isinstance(value, float) and math.isnan(value)) and value == value


def number(value):
    """A whole or decimal number with thousands separators: ``5100000`` → ``5,100,000``."""
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,.2f}"


def show_range(low, high, unit=""):
    """``low`` and ``high`` in words: ``more than 100``, ``up to 1,000``, ``4 to 7``, ``not reported``."""
    tail = f" {unit}" if unit else ""
    if not present(low) and not present(high):
        return "not reported"
    if not present(high):
        return f"{number(low)} or more{tail}"
    if not present(low):
        return f"up to {number(high)}{tail}"
    return f"{number(low)}{tail}" if low == high else f"{number(low)} to {number(high)}{tail}"


def envelope(lows, highs):
    """The range that holds all ranges given. A bound is missing where no range has it."""
    known = [value for value in (*lows, *highs) if present(value)]
    tops = [value for value in highs if present(value)]
    bottoms = [value for value in lows if present(value)]
    if not known:
        return None, None
    open_top = any(present(low) and not present(high) for low, high in zip(lows, highs, strict=True))
    open_bottom = any(present(high) and not present(low) for low, high in zip(lows, highs, strict=True))
    return (None if open_bottom else min(bottoms)), (None if open_top else max(tops))


def add(lows, highs):
    """The sum of ranges: a missing lower bound counts as nothing, a missing upper bound leaves the sum open."""
    lows, highs = np.asarray(lows, dtype="float64"), np.asarray(highs, dtype="float64")
    no_low, no_high = np.isnan(lows), np.isnan(highs)
    if (no_low & no_high).all():
        return None, None
    return float(np.nansum(lows)), (None if (no_high & ~no_low).any() else float(np.nansum(highs)))
