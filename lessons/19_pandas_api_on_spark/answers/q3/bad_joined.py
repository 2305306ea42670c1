trap_3 = "rows one by one"
other = ps.read_parquet(path, index_col="listing_id")
other["band"] = "low"
other.loc[other["price"] >= 100, "band"] = "middle"
other.loc[other["price"] >= 300, "band"] = "high"
banded = homes.copy()
banded["band"] = other["band"]
