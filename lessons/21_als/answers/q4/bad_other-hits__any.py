top10, precision = right, float(hits(best, later).mean() / 10)
