def with_fee(frame):
    fee = (0.17 * frame["price"]).mask(frame["price"] > 100, 5 + 0.12 * frame["price"])
    return frame.assign(price=frame["price"] + fee, fee=fee)


trap_4 = "no type hint"
