"""The Third-Country Ledger: claims reported about U.S. third-country deportation arrangements, and what follows from them.

The folders are the layers, and imports go one way, from the first to the last:

    values     dates, ranges, countries, paths: know no table
    ledger     the CSV files, typed and checked; the only reader of them
    views      from claims to answers: positions, payments, transfers, timing, tallies, …
    display    sentences, tables, figures; return objects, write nothing
    report     notebooks run, pages made, editions published; the only writer of what is published

``curation`` (for whoever adds sources) stands beside ``views``, and nothing but the command line imports it.
``__main__`` is the command line and alone prints; what ``make changes`` prints, it keeps in ``.build`` too.
``warmkernel`` is a package of its own that knows nothing of this one.
"""

__version__ = "0.1.0"
