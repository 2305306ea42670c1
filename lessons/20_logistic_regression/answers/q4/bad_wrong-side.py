def below(y, p, threshold):
    return price(y, -p, -threshold)


threshold = min(THRESHOLDS, key=lambda t: below(*old, t))
test_cost, half_test_cost = (below(*unseen, t) for t in (threshold, 0.5))
