p50, p99, choice = each(half), each(high), WAYS | {"form": "edge"}
