trap_3 = "rows one by one"
table = homes.to_pandas()
table["band"] = ["high" if p >= 300 else "middle" if p >= 100 else "low" for p in table["price"]]
banded = ps.from_pandas(table)
