def with_fee(frame):
    return frame.assign(fee=0.17 * frame["price"])


trap_4 = "no type hint"
