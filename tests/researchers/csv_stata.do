* Not tried: no Stata was at hand.
import delimited using "claims.csv", varnames(1) bindquote(strict) encoding("utf-8") clear
generate published = daily(public_on, "YMD")
tabulate quantity if inlist(quantity, "people_at_least", "usd_paid"), summarize(value_min)
table quantity, statistic(total value_min)
