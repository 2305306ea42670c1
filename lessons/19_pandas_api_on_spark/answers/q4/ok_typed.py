def fee(price) -> float:
    return 5 + 0.12 * price if price > 100 else 0.17 * price


def with_fee(frame):
    return frame.assign(fee=frame["price"].apply(fee))


trap_4 = "no type hint"
