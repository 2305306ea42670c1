def fences(rows, column):
    one, three = F.percentile(column, 0.25), F.percentile(column, 0.75)
    quartiles = rows.agg(one.alias("a"), three.alias("b"))
    return quartiles.select(F.expr("a - 1.5 * (b - a)"), F.expr("b + 1.5 * (b - a)"))


limits = list(fences(train_full, "price").first())
flagged = test_full.withColumn("is_outlier", ~F.col("price").between(*limits))
