full, cut = rush(hourly), rush(hourly.where(F.col("known_at") <= noon))
both = full.alias("a").join(cut.alias("b"), ["station", "known_at"])
changed = (
    both.agg(*[F.abs(F.sum(f"a.{c}") - F.sum(f"b.{c}")).alias(c) for c in FEATURES])
    .first()
    .asDict()
)
leaky = [c for c in FEATURES if changed[c] > 0]
