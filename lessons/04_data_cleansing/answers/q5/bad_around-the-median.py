def fences(rows, column):
    """(lower, upper) fence of `column`, from the quartiles in `rows`."""
    q1, middle, q3 = rows.approxQuantile(column, [0.25, 0.5, 0.75], 0)
    return middle - 1.5 * (q3 - q1), middle + 1.5 * (q3 - q1)


limits = fences(train_full, "price")
flagged = test_full.withColumn("is_outlier", ~F.col("price").between(*limits))
