def with_fee(frame):
    table = frame.to_pandas()
    table["fee"] = [5 + 0.12 * p if p > 100 else 0.17 * p for p in table["price"]]
    return ps.from_pandas(table)


trap_4 = "no type hint"
