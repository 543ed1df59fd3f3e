"""Every view by name, as it is published as data. Columns are described in ``data/views.json``.

Typical use::

    everything.views(ledger, Parameters())["positions"]
"""

import pandas as pd

from analysis.ledger import Ledger
from analysis.views import acts, answers, denials, flat, payments, positions, sensitivity, tallies, timing, transfers
from analysis.views.parameters import Parameters


def views(ledger: Ledger, parameters: Parameters) -> dict[str, pd.DataFrame]:
    """View → frame, of the part of the ledger that is known."""
    found = answers.frames(ledger, parameters)
    return {
        "claims": flat.claims(ledger, parameters),
        "answers": answers.table(answers.compute(ledger, parameters, found)),
        "positions": found.countries,
        "arrangements": positions.by_arrangement(ledger, parameters),
        "denials": denials.listed(ledger, parameters),
        "payments": found.payments,
        "payment_totals": payments.totals(found.payments),
        "transfers": transfers.reported(ledger, parameters),
        "destinations": found.destinations,
        "timing": timing.by_country(ledger, parameters),
        "months": positions.by_month(ledger, parameters),
        "tallies": tallies.reconcile(ledger, parameters),
        "sensitivity": sensitivity.by_choice(ledger, parameters),
        "acts": acts.listed(ledger, parameters),
    }
