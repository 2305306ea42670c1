from sklearn.metrics import confusion_matrix


def per_listing(rows, t):
    y, p = rows
    (_, false), (missed, _) = confusion_matrix(y, p >= t)
    return (20 * false + 60 * missed) / len(y)


candidates = {t: per_listing(old, t) for t in THRESHOLDS}
threshold = sorted(candidates, key=candidates.get)[0]
test_cost, half_test_cost = (per_listing(unseen, t) for t in (threshold, 0.5))
