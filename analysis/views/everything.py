"""Every view by name, as it is published as data. Columns are described in ``data/views.json``.

Typical use::

    everything.Views(ledger, Parameters())["positions"]
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import pandas as pd

from analysis.ledger import Ledger
from analysis.views import acts, answers, denials, flat, payments, positions, sensitivity, tallies, timing
from analysis.views.parameters import Parameters


def low_best_high(frame: pd.DataFrame, best: str) -> pd.DataFrame:
    """The frame with its figure as ``low``, ``best``, ``high``. Rule: Method, *Low, best, high*.

    ``best`` is the figure in the column of that name, which is published and added up; ``low`` and ``high`` are the full
    range of what differing claims say (``range_low``, ``range_high``), missing where a claim leaves the bound open.
    """
    return frame.rename(columns={"range_low": "low", "range_high": "high"}).assign(best=frame[best])


class Views(Mapping[str, pd.DataFrame]):
    """View → frame, of the part of the ledger that is known. Each is computed when it is first asked for.

    ``choices`` is the result of ``sensitivity.by_choice_and_quantity``, ``found`` that of ``answers.frames``, where somebody
    has them already: they take longest.
    """

    def __init__(
        self,
        ledger: Ledger,
        parameters: Parameters,
        choices: pd.DataFrame | None = None,
        found: answers.Frames | None = None,
    ) -> None:
        self.ledger, self.parameters, self._choices, self._found = ledger, parameters, choices, found
        self._frames: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            self._frames[name] = VIEWS[name](self)
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(VIEWS)

    def __len__(self) -> int:
        return len(VIEWS)

    @cached_property
    def found(self) -> answers.Frames:
        """What answers, and views of countries, payments and destinations, are read from."""
        return answers.frames(self.ledger, self.parameters) if self._found is None else self._found

    @property
    def choices(self) -> pd.DataFrame:
        """The answers under each other choice."""
        if self._choices is None:
            return sensitivity.by_choice_and_quantity(self.ledger, self.parameters, self.found)
        return self._choices


VIEWS: dict[str, Callable[[Views], pd.DataFrame]] = {
    "claims": lambda of: flat.claims(of.ledger, of.parameters, of.found),
    "answers": lambda of: low_best_high(answers.table(answers.compute(of.ledger, of.parameters, of.found)), "value"),
    "positions": lambda of: of.found.countries,
    "arrangements": lambda of: positions.by_arrangement(of.ledger, of.parameters),
    "denials": lambda of: denials.listed(of.ledger, of.parameters),
    "payments": lambda of: low_best_high(of.found.payments, "amount_min"),
    "payment_totals": lambda of: low_best_high(payments.totals(of.found.payments), "amount_usd_low"),
    "transfers": lambda of: low_best_high(of.found.movements, "people_min"),
    "destinations": lambda of: low_best_high(of.found.destinations, "people_at_least"),
    "timing": lambda of: timing.by_country(of.ledger, of.parameters),
    "months": lambda of: positions.by_month(of.ledger, of.parameters),
    "tallies": lambda of: low_best_high(tallies.reconcile(of.ledger, of.parameters), "count_min"),
    "sensitivity": lambda of: low_best_high(of.choices, "value"),
    "acts": lambda of: acts.listed(of.ledger, of.parameters),
}
