threshold = cheapest(*unseen)
test_cost, half_test_cost = price(*unseen, threshold), price(*unseen, 0.5)
