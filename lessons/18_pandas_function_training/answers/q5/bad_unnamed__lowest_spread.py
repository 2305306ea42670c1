spread = known.groupby("device_id")["load"].std()
verdict = named(stuck=int(spread[spread > 0].idxmin()))
times = right
