verdict = named()
times = fine["rmse"][erratic] / table["rmse"].fillna(0).median()
