known = hourly.where(F.col("known_at") <= noon)
then, later = rush(known).alias("then"), rush(hourly).alias("later")
differs = [(~F.col(f"then.{n}").eqNullSafe(F.col(f"later.{n}"))).alias(n) for n in FEATURES]
pairs = then.join(later, ["station", "known_at"]).select(*differs)
counts = pairs.agg(*(F.count(name).alias(name) for name in FEATURES))
changed = counts.first().asDict()
leaky = [name for name in FEATURES if changed[name] > 0]
