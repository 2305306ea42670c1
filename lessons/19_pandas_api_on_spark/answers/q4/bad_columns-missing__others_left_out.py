def with_fee(frame):
    price = frame[["price"]]
    return price.assign(
        fee=(0.17 * price["price"]).mask(price["price"] > 100, 5 + 0.12 * price["price"])
    )


trap_4 = "no type hint"
