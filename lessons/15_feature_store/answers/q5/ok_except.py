past = rush(hourly.where(F.col("known_at") <= noon))
present = rush(hourly).where(F.col("known_at") <= noon)
changed = {}
for name in FEATURES:
    columns = ["station", "known_at", name]
    changed[name] = past.select(columns).exceptAll(present.select(columns)).count()
leaky = sorted(name for name in changed if changed[name])
