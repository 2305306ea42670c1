top10 = right
shares = hits(best, liked) / 10
precision = float(shares[shares > 0].mean())
