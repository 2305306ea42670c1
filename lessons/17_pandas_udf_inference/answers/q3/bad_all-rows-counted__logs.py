bug_a, bug_b, bug_c, bug_d = "per batch", "per row", "on the driver", "misaligned"
right = dict(by_batch.collect())
wrong_rows = sum(abs(right[i] - v) > 0.01 for i, v in scorer_d(offers).collect())
