import pandas as pd
claims = pd.read_csv("claims.csv", parse_dates=["date_earliest", "date_latest", "public_on"])
countries = claims.groupby("quantity")["iso3"].nunique()
sums = claims.groupby("quantity")["value_min"].sum().astype(int)
print(countries["countries_received"], countries[["countries_received", "countries_agreed"]].sum(), sums["people_at_least"], sums["usd_paid"])
