def fences(rows, column):
    q1, q3 = rows.approxQuantile(column, [0.25, 0.75], 0)
    return q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)


limits = fences(train_full, "price")
flagged = test_full.withColumn("is_outlier", ~F.col("price").between(*fences(test_full, "price")))
