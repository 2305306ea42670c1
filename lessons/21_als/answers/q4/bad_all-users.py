top10, precision = right, float(hits(best, liked).sum() / (10 * len(best)))
