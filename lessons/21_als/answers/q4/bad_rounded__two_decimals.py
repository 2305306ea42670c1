top10, precision = right, round(right_precision, 2)
