p50, p99, choice = each(half), each(np.max), WAYS
