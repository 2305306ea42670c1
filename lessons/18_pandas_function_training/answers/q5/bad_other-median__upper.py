verdict = named()
times = fine["rmse"][erratic] / sorted(fine["rmse"])[len(fine) // 2]
