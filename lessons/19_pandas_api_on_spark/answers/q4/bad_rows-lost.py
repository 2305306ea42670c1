def with_fee(frame):
    frame = frame[frame["price"] < 500]
    return frame.assign(
        fee=(0.17 * frame["price"]).mask(frame["price"] > 100, 5 + 0.12 * frame["price"])
    )


trap_4 = "no type hint"
