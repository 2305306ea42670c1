threshold = cheapest(*old, MISSED, DRIVE)
test_cost, half_test_cost = (price(*unseen, t, MISSED, DRIVE) for t in (threshold, 0.5))
