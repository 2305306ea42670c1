old, unseen = known(validation, 0), known(test_rows, 0)
threshold = cheapest(*old)
test_cost, half_test_cost = price(*unseen, threshold), price(*unseen, 0.5)
