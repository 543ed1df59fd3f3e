"""Values that know no table: dates as spans, ranges of numbers, countries and their regions, where files lie."""
