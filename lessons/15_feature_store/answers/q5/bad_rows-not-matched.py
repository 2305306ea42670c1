then = rush(hourly.where(F.col("known_at") <= noon)).toPandas()
later = rush(hourly).toPandas().iloc[: len(then)]
changed = {name: int((then[name] != later[name]).sum()) for name in FEATURES}
leaky = [name for name in FEATURES if changed[name] > 0]
