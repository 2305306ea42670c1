full, cut = rush(hourly), rush(hourly.where(F.col("known_at") <= noon))
both = full.alias("a").join(cut.alias("b"), ["station", "known_at"])
any_change = " OR ".join(f"NOT (a.{c} <=> b.{c})" for c in FEATURES)
n = both.where(any_change).count()
changed = dict.fromkeys(FEATURES, n)
leaky = [c for c in FEATURES if changed[c] > 0]
