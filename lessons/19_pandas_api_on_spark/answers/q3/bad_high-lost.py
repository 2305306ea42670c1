trap_3 = "rows one by one"
banded = homes.assign(band="low")
banded["band"] = banded["band"].mask(banded["price"] >= 300, "high")
banded["band"] = banded["band"].mask(banded["price"] >= 100, "middle")
