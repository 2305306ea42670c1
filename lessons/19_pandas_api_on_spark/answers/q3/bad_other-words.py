trap_3 = "rows one by one"
banded = homes.assign(band="cheap")
banded["band"] = banded["band"].mask(banded["price"] >= 100, "middle")
banded["band"] = banded["band"].mask(banded["price"] >= 300, "high")
