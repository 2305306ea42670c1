threshold = cheapest(*old)
test_cost, half_test_cost = round(price(*unseen, threshold), 2), price(*unseen, 0.5)
