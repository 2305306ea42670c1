def fences(rows, column):
    """(lower, upper) fence of `column`, from the quartiles in `rows`."""
    q1, q3 = rows.approxQuantile(column, [0.25, 0.75], 0)
    return q1, q3


limits = fences(train_full, "price")
flagged = test_full.withColumn("is_outlier", ~F.col("price").between(*limits))
