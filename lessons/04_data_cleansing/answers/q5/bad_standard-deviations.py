def fences(rows, column):
    """(lower, upper) fence of `column`, from the quartiles in `rows`."""
    mean, sd = rows.agg(F.avg(column), F.stddev(column)).first()
    return mean - 3 * sd, mean + 3 * sd


limits = fences(train_full, "price")
flagged = test_full.withColumn("is_outlier", ~F.col("price").between(*limits))
