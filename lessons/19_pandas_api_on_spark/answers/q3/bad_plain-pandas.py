trap_3 = "rows one by one"


def word(price):
    return "high" if price >= 300 else "middle" if price >= 100 else "low"


banded = homes.to_pandas()
banded["band"] = banded["price"].map(word)
