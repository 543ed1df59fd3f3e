import sqlite3
base = sqlite3.connect("third-country-ledger.sqlite")
countries = "SELECT count(DISTINCT iso3) FROM claims WHERE quantity IN ('countries_received', ?)"
total = "SELECT CAST(sum(value_min) AS INTEGER) FROM claims WHERE quantity = ?"
print(*(base.execute(query, [name]).fetchone()[0] for query, name in ((countries, ""), (countries, "countries_agreed"), (total, "people_at_least"), (total, "usd_paid"))))
