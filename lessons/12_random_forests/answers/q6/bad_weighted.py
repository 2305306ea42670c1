def averaged(threshold):
    called = p > threshold
    found = metrics.precision_recall_fscore_support(y, called, average="weighted")
    return dict(zip(("precision", "recall", "f1"), found[:3], strict=True))


half, low, log_loss = averaged(0.5), averaged(0.3), loss()
