verdict = named()
times = fine["rmse"][erratic] / fine["rmse"].mean()
