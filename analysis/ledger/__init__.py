"""The ledger: its schema, the only reader of its CSV files, its checks, and the typed and joined tables.

What belongs elsewhere: values that know no table (``values``), what follows from the claims (``views``).

Typical use::

    from analysis import ledger

    everything = ledger.load()
    everything.known("2025-12-31").steps
"""

from typing import TYPE_CHECKING, Any

from analysis.values.problems import LedgerError

if TYPE_CHECKING:
    from analysis.ledger.loading import Ledger, load

__all__ = ["Ledger", "LedgerError", "load"]


def __getattr__(name: str) -> Any:
    """pandas is imported with the first table, so that ``make report`` says at once that nothing has changed."""
    if name in __all__:
        from analysis.ledger import loading

        return getattr(loading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
