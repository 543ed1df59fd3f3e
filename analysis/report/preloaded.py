"""Imported by the helper process that notebooks are forked from: what each of them would otherwise do first.

Nothing may depend on it: a notebook that runs on an ordinary kernel never imports it.
"""

import contextlib
import gc

import nbformat

from analysis import ledger
from analysis.display import charts, tables
from analysis.ledger import checks  # noqa: F401 (for the preview)
from analysis.report import notebooks, site
from analysis.views import parameters, payments, positions, tallies, timing, transfers
from warmkernel import engine

engine.warm_up()
with contextlib.suppress(Exception):  # what is wrong with the ledger or a notebook is said where it is used
    _chosen = parameters.Parameters()
    _book = _chosen.apply(ledger.load())
    _steps = _book.steps.head(3)
    for _view in (
        positions.by_arrangement,
        payments.reported,
        transfers.reported,
        timing.by_country,
        tallies.reconcile,
    ):
        _view(_book, _chosen)
    charts.country_steps(_steps, "", _book.as_of, "").to_svg()  # fonts, layout, hatches
    tables.claims(_book, _steps["claim_id"]).to_html()  # templates
    site.part(nbformat.read(notebooks.all_of()[-1], as_version=4), f"{site.COUNTRIES}/RWA")  # schema, exporter
gc.collect()
gc.freeze()  # collecting in a fork would touch, and so copy, what it shares with the helper
