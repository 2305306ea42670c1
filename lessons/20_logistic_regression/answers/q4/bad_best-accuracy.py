y, p = old
threshold = max(THRESHOLDS, key=lambda t: ((p > t) == y).mean())
test_cost, half_test_cost = price(*unseen, threshold), price(*unseen, 0.5)
