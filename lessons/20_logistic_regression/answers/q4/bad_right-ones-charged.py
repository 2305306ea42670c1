def every_drive(y, p, threshold):
    return (DRIVE * (p > threshold) + MISSED * ((p <= threshold) & (y == 1))).mean()


threshold = min(THRESHOLDS, key=lambda t: every_drive(*old, t))
test_cost, half_test_cost = (every_drive(*unseen, t) for t in (threshold, 0.5))
