above = mask(test.filter("rating > 4"))
top10, precision = right, float(hits(best, above)[above.any(axis=1)].mean() / 10)
