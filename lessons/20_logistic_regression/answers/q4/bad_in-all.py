threshold = cheapest(*old)
test_cost, half_test_cost = (price(*unseen, t) * len(unseen[0]) for t in (threshold, 0.5))
