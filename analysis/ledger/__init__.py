"""The ledger: its schema, the only reader of its CSV files, its checks, and the typed and joined tables.

Typical use::

    from analysis import ledger

    everything = ledger.load()
    everything.known("2025-12-31").steps
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.ledger.files import LedgerError
    from analysis.ledger.loading import Ledger, load, readings

__all__ = ["Ledger", "LedgerError", "load", "readings"]


def __getattr__(name: str) -> Any:
    """pandas is imported with the first table, so that ``make report`` says at once that nothing has changed."""
    if name in __all__:
        from analysis.ledger import files, loading

        return files.LedgerError if name == "LedgerError" else getattr(loading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
