def fences(rows, column):
    logs = rows.select(F.log(column).alias("log"))
    q1, q3 = logs.approxQuantile("log", [0.25, 0.75], 0)
    low, high = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
    return 2.718281828459045**low, 2.718281828459045**high


limits = fences(train_full, "price")
flagged = test_full.withColumn("is_outlier", ~F.col("price").between(*limits))
