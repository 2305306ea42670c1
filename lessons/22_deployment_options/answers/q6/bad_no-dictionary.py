p50, p99, choice = each(half), each(high), "batch, rest, edge, stream"
