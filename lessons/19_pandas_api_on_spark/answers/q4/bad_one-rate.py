def with_fee(frame):
    return frame.assign(fee=5 + 0.12 * frame["price"])


trap_4 = "no type hint"
