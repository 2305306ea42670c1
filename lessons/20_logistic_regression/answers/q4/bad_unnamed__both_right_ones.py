threshold = cheapest(*old)
y, p = unseen
test_cost = (DRIVE * ((p > threshold) & (y == 1)) + MISSED * ((p <= threshold) & (y == 0))).mean()
half_test_cost = price(*unseen, 0.5)
