p50, p99, choice = each(half), {"rest": high(seconds["rest"])}, WAYS
