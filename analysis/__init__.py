"""The Third-Country Ledger: claims reported about U.S. third-country deportation arrangements, and views of them.

Rooms, imports going downward only:

    ground    paths, dates, amounts, places; warm (a room of its own: notebooks in forks of a warm process)
    data      codebook, files, ledger, cells, checks
    views     parameters, evidence, standings, payments, transfers, timing, tallies, agreement, changes
    display   tables, charts; draft
    output    manifest, cache, lock, notebooks, cluster, site, edition, __main__ (and preloaded, for the warm process)

Only ``files`` reads the CSV files, only the rooms of output write, only ``__main__`` prints.
"""

__version__ = "0.1.0"
