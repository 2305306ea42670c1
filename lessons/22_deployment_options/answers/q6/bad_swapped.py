p50, p99, choice = each(high), each(half), WAYS
