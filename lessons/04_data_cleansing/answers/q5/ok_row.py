def fences(rows, column):
    q1, q3 = F.percentile(column, 0.25), F.percentile(column, 0.75)
    reach = 1.5 * (q3 - q1)
    return rows.select((q1 - reach).alias("low"), (q3 + reach).alias("high")).first()


limits = fences(train_full, "price")
flagged = test_full.withColumn("is_outlier", ~F.col("price").between(*limits))
