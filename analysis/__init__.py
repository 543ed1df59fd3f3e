"""The Third-Country Ledger: claims reported about U.S. third-country deportation arrangements, and views of them.

Rooms, imports going downward only:

    ground    paths, dates, amounts, places
    data      codebook, files, ledger, cells, checks
    views     parameters, evidence, standings, payments, transfers, timing, tallies
    display   tables, charts
    output    notebooks, site, __main__

Only ``files`` reads the CSV files, only ``notebooks`` and ``site`` write, only ``__main__`` prints.
"""

__version__ = "0.1.0"
