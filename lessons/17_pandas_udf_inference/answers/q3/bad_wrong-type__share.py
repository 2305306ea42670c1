bug_a, bug_b = "per batch", "per row"
bug_c, bug_d = "on the driver", "misaligned"
wrong_rows = float((gap > 0.01).mean())
