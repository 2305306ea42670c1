p50, p99, choice = each(half), each(lambda waits: np.quantile(waits, 0.95)), WAYS
