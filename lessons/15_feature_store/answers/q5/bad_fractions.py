known = hourly.where(F.col("known_at") <= noon)
then, later = rush(known).alias("then"), rush(hourly).alias("later")
differs = [(~F.col(f"then.{n}").eqNullSafe(F.col(f"later.{n}"))).alias(n) for n in FEATURES]
pairs = then.join(later, ["station", "known_at"]).select(*differs)
counts = pairs.agg(*(F.count_if(name).alias(name) for name in FEATURES))
total = pairs.count()
changed = {name: count / total for name, count in counts.first().asDict().items()}
leaky = [name for name in FEATURES if changed[name] > 0]
