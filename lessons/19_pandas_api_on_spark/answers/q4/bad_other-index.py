def with_fee(frame):
    return frame.assign(
        fee=(0.17 * frame["price"]).mask(frame["price"] > 100, 5 + 0.12 * frame["price"])
    ).reset_index()


trap_4 = "no type hint"
