def fences(rows, column):
    values = rows.select(column).toPandas()[column]
    q1, q3 = values.quantile(0.25), values.quantile(0.75)
    return q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)


limits = fences(train_full, "price")
flagged = test_full.withColumn(
    "is_outlier", F.when(F.col("price").between(*limits), False).otherwise(True)
)
