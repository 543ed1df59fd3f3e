"""Values that know no table: dates as spans, ranges of numbers, countries and their regions, paths, problems.

What belongs elsewhere: anything that knows a column of the ledger (``ledger`` and the layers after it).
"""
