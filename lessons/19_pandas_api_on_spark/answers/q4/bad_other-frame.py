def with_fee(frame):
    return homes.assign(
        fee=(0.17 * homes["price"]).mask(homes["price"] > 100, 5 + 0.12 * homes["price"])
    )


trap_4 = "no type hint"
