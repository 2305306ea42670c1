top10, precision = right, 100 * right_precision
