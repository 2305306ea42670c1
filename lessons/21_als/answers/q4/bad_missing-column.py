top10, precision = right.withColumnRenamed("place", "rank"), right_precision
