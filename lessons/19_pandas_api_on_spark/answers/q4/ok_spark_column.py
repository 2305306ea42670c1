from pyspark.sql import functions as F


def with_fee(frame):
    def fee(price):
        return F.when(price > 100, 5 + 0.12 * price).otherwise(0.17 * price)

    return frame.assign(fee=frame["price"].spark.transform(fee))


trap_4 = "no type hint"
