threshold = cheapest(*old)
test_cost, half_test_cost = price(*old, threshold), price(*old, 0.5)
