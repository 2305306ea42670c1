trap_3 = "rows one by one"
banded = homes.copy()
banded["band"] = "low"
banded.loc[banded["price"] >= 100, "band"] = "middle"
banded.loc[banded["price"] >= 300, "band"] = "high"
banded = banded["band"]
