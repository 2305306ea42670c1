def fences(rows, column):
    quartiles = F.percentile(column, F.array(F.lit(0.25), F.lit(0.75))).alias("quartiles")
    q1, q3 = rows.agg(quartiles).first()["quartiles"]
    reach = 1.5 * (q3 - q1)
    return [q1 - reach, q3 + reach]


limits = fences(train_full, "price")
flagged = test_full.select(
    "*", ((F.col("price") < limits[0]) | (F.col("price") > limits[1])).alias("is_outlier")
)
