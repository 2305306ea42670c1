trap_3 = "rows one by one"
words = homes.assign(band="low")
words["band"] = words["band"].mask(words["price"] >= 100, "middle")
words["band"] = words["band"].mask(words["price"] >= 300, "high")
banded = words.assign(price=words["price"].round(-2))
