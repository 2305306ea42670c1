def fee_of(price) -> str:
    return str(5 + 0.12 * price if price > 100 else 0.17 * price)


def with_fee(frame):
    return frame.assign(fee=frame["price"].apply(fee_of))


trap_4 = "no type hint"
