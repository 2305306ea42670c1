def with_fee(frame):
    high = (frame["price"] > 100).astype(int)
    return frame.assign(fee=0.17 * frame["price"] + high * (5 - 0.05 * frame["price"]))


trap_4 = "no type hint"
