def everybody_missed(y, p, threshold):
    return (DRIVE * ((p > threshold) & (y == 0)) + MISSED * (p <= threshold)).mean()


threshold = min(THRESHOLDS, key=lambda t: everybody_missed(*old, t))
test_cost, half_test_cost = (everybody_missed(*unseen, t) for t in (threshold, 0.5))
