share = known.groupby("device_id")["energy"].var(ddof=0)
r2 = 1 - fine["rmse"] ** 2 / share[fine.index]
verdict = named(erratic=int(r2.idxmin()))
times = fine["rmse"][erratic] / fine["rmse"].median()
