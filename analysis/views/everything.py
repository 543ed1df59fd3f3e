"""Every view by name, as it is published as data. Columns are described in ``data/views.json``.

Typical use::

    everything.views(ledger, Parameters())["positions"]
"""

import pandas as pd

from analysis.ledger import Ledger
from analysis.views import acts, answers, denials, flat, payments, positions, sensitivity, tallies, timing, transfers
from analysis.views.parameters import Parameters


def low_best_high(frame: pd.DataFrame, best: str) -> pd.DataFrame:
    """The frame with its figure as ``low``, ``best``, ``high``. Rule: Method, *Low, best, high*.

    ``best`` is the figure in the column of that name, which is published and added up; ``low`` and ``high`` are the full
    range of what differing claims say (``range_low``, ``range_high``), missing where a claim leaves the bound open.
    """
    return frame.rename(columns={"range_low": "low", "range_high": "high"}).assign(best=frame[best])


def views(
    ledger: Ledger,
    parameters: Parameters,
    choices: pd.DataFrame | None = None,
    found: answers.Frames | None = None,
) -> dict[str, pd.DataFrame]:
    """View → frame, of the part of the ledger that is known.

    ``choices`` is the result of ``sensitivity.by_choice_and_quantity``, ``found`` that of ``answers.frames``, where somebody
    has them already: they take longest.
    """
    if choices is None:
        choices = sensitivity.by_choice_and_quantity(ledger, parameters)
    if found is None:
        found = answers.frames(ledger, parameters)
    return {
        "claims": flat.claims(ledger, parameters, found),
        "answers": low_best_high(answers.table(answers.compute(ledger, parameters, found)), "value"),
        "positions": found.countries,
        "arrangements": positions.by_arrangement(ledger, parameters),
        "denials": denials.listed(ledger, parameters),
        "payments": low_best_high(found.payments, "amount_min"),
        "payment_totals": low_best_high(payments.totals(found.payments), "amount_usd_low"),
        "transfers": low_best_high(transfers.reported(ledger, parameters), "people_min"),
        "destinations": low_best_high(found.destinations, "people_at_least"),
        "timing": timing.by_country(ledger, parameters),
        "months": positions.by_month(ledger, parameters),
        "tallies": low_best_high(tallies.reconcile(ledger, parameters), "count_min"),
        "sensitivity": low_best_high(choices, "value"),
        "acts": acts.listed(ledger, parameters),
    }
