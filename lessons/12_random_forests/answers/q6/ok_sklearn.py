def by_sklearn(threshold):
    called = p > threshold
    scores = metrics.precision_score, metrics.recall_score, metrics.f1_score
    return dict(zip(("precision", "recall", "f1"), (s(y, called) for s in scores), strict=True))


half, low = by_sklearn(0.5), by_sklearn(0.3)
log_loss = metrics.log_loss(y, p)
