import pandas as pd
claims = pd.read_parquet("parquet/claims.parquet")
countries = claims.groupby("quantity")["iso3"].nunique()
sums = claims.groupby("quantity")["value_min"].sum().astype(int)
print(countries["countries_received"], countries[["countries_received", "countries_agreed"]].sum(), sums["people_at_least"], sums["usd_paid"])
