verdict = named()
times = fine["rmse"][erratic] / fine["rmse"][fine["rmse"] > 1e-9].median()
