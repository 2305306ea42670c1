verdict = named()
off = scored.toPandas().eval("off = (energy - prediction) ** 2")
each = np.sqrt(off.groupby("device_id")["off"].mean())
times = each[erratic] / each.median()
