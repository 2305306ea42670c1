verdict = named()
times = fine["rmse"][erratic] / fine["rmse"].drop([erratic, stuck, single]).median()
