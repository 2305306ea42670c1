def with_fee(frame):
    frame["fee"] = 0.17 * frame["price"].clip(upper=100) + 0.12 * (frame["price"] - 100).clip(
        lower=0
    )
    return frame


trap_4 = "no type hint"
