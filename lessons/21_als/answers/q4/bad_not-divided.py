top10, precision = right, float(hits(best, liked)[pleased].mean())
