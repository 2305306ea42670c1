def measured(threshold):
    hits = int((y & (p > threshold)).sum())
    alarms, missed = int((~y & (p > threshold)).sum()), int((y & (p <= threshold)).sum())
    return {
        "precision": hits / (hits + alarms),
        "recall": hits / (hits + missed),
        "f1": 2 * hits / (2 * hits + alarms + missed),
    }


half, low = measured(0.5), measured(0.3)
log_loss = -(np.log(p[y]).sum() + np.log(1 - p[~y]).sum()) / len(y)
