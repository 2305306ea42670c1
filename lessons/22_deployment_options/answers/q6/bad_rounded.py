p50, p99, choice = each(half) | {"rest": round(half(seconds["rest"]), 5)}, each(high), WAYS
