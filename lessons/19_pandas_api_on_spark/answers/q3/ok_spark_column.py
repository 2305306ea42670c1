# Better when the rule is known as an expression of Spark.
from pyspark.sql import functions as F

trap_3 = "rows one by one"


def words(price):
    return F.when(price >= 300, "high").when(price >= 100, "middle").otherwise("low")


banded = homes.assign(band=homes["price"].spark.transform(words))
