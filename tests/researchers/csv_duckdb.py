import duckdb
claims = duckdb.read_csv("claims.csv")
countries = "SELECT count(DISTINCT iso3) FROM claims WHERE quantity IN ('countries_received', ?)"
total = "SELECT sum(value_min)::BIGINT FROM claims WHERE quantity = ?"
print(*(duckdb.execute(query, [name]).fetchone()[0] for query, name in ((countries, ""), (countries, "countries_agreed"), (total, "people_at_least"), (total, "usd_paid"))))
