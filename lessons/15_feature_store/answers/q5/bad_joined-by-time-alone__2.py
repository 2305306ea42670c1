full, cut = rush(hourly), rush(hourly.where(F.col("known_at") <= noon))
both = full.alias("a").join(cut.alias("b"), "station")
changed = (
    both.agg(*[F.count_if(~F.col(f"a.{c}").eqNullSafe(F.col(f"b.{c}"))).alias(c) for c in FEATURES])
    .first()
    .asDict()
)
leaky = [c for c in FEATURES if changed[c] > 0]
