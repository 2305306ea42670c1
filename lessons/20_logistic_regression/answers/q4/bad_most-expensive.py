threshold = max(THRESHOLDS, key=lambda t: price(*old, t))
test_cost, half_test_cost = price(*unseen, threshold), price(*unseen, 0.5)
