def fences(rows, column):
    expression = f"percentile_approx({column}, array(0.25, 0.75), 10000)"
    ((q1, q3),) = rows.selectExpr(expression).first()
    return q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)


limits = fences(train_full, "price")
flagged = test_full.selectExpr("*", f"price NOT BETWEEN {limits[0]} AND {limits[1]} AS is_outlier")
