p50, p99, choice = each(np.mean), each(high), WAYS
