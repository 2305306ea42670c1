some = liked.any(axis=1)
top10 = right
precision = float((hits(best, liked)[some] / liked.sum(axis=1)[some]).mean())
