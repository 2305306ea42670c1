trap_3 = "rows one by one"
bands = {}
for number, home in homes[["price"]].iterrows():
    bands[number] = "high" if home["price"] >= 300 else "middle" if home["price"] >= 100 else "low"
words = pd.Series(bands)
words.index.name = "listing_id"
banded = homes.copy()
banded["band"] = ps.from_pandas(words)
