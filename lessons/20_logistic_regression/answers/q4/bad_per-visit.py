threshold = cheapest(*old)
y, p = unseen
test_cost, half_test_cost = (price(y, p, t) / (p > t).mean() for t in (threshold, 0.5))
