parent_id = parent()
children(parent_id, best.assign(rmse=best["rmse"] ** 2))
