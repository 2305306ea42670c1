bug_a, bug_b, bug_c, bug_d = "per batch", "per row", "on the driver", "misaligned"
right = dict(scorer_a(offers).collect())
wrong_rows = sum(v - right[i] > 0.01 for i, v in scorer_d(offers).collect())
