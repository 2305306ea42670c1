import numpy as np


def fences(rows, column):
    values = rows.select(column).toPandas()[column]
    q1, q3 = np.quantile(values, [0.25, 0.75])
    return np.array([q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)])


limits = fences(train_full, "price")
outside = (F.col("price") < float(limits[0])) | (F.col("price") > float(limits[1]))
flagged = test_full.withColumn("is_outlier", outside)
