p50, p99, choice = each(half), each(lambda waits: np.percentile(waits, 0.99)), WAYS
