index = ["station", "known_at"]
then = rush(hourly.filter(f"known_at <= '{noon}'")).toPandas().set_index(index)
later = rush(hourly).toPandas().set_index(index).loc[then.index]
changed = {name: int((then[name] != later[name]).sum()) for name in FEATURES}
leaky = [name for name, count in changed.items() if count]
