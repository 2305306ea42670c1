trap_3 = "Rows one by one"


def word(price) -> str:
    return "high" if price >= 300 else "middle" if price >= 100 else "low"


banded = homes.assign(band=homes["price"].apply(word))
