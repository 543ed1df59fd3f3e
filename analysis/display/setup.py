"""What every notebook begins with: the ledger as its parameters let it be seen, and the line under its figures.

Typical use::

    ledger, parameters, source = set_up(as_of=as_of, region_scheme=region_scheme)
"""

import sys
from typing import NamedTuple

import pandas as pd

from analysis import ledger as ledger_package
from analysis.display import charts
from analysis.ledger import Ledger
from analysis.views.parameters import DEFAULTS, Parameters, build, refuse


class Setup(NamedTuple):
    """The part of the ledger that the parameters let be seen, the checked parameters, and the source line of figures."""

    ledger: Ledger
    parameters: Parameters
    source: str


def set_up(*, notes: bool = False, **values: str | int) -> Setup:
    """Check the parameters, read the ledger and keep what they let be seen; with ``country`` only what concerns it.

    Without ``notes`` the tables lack the columns ``note`` and ``coded_on``: a note that is saved then leaves the notebook's
    page as it is, and the notebook need not run. Raises :class:`ParameterError` for a value that cannot be used,
    :class:`LedgerError` for a ledger that cannot be read.
    """
    _refuse_other_spellings()
    # A frame that a notebook shows must look the same in every kernel and terminal.
    pd.set_option("display.max_columns", 20, "display.expand_frame_repr", False)
    parameters = build(values)
    known = parameters.apply(ledger_package.load())
    if "country" in values:
        known = known.about(parameters.country)
    if not notes:
        known = known.without_notes()
    return Setup(known, parameters, charts.source_line(known))


def _refuse_other_spellings() -> None:
    """papermill only warns of a parameter that it does not find in a notebook, ``AS_OF``, and goes on without it."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    variables = shell.user_ns if shell else {}
    for name in list(variables):
        if name.lower() in DEFAULTS and name not in DEFAULTS:
            refuse(name, variables[name], "a name as the notebook has it", f'write "{name.lower()}"')
