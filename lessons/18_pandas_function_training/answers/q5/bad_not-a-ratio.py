verdict = named()
times = fine["rmse"][erratic]
