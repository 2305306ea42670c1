def with_fee(frame):
    copy = frame.to_spark(index_col="listing_id").pandas_api(index_col="listing_id")
    result = frame.copy()
    result["fee"] = (0.17 * copy["price"]).mask(copy["price"] > 100, 5 + 0.12 * copy["price"])
    return result


trap_4 = "no type hint"
