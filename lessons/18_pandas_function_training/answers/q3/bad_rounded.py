parent_id = parent()
children(parent_id, best.round({"rmse": 2}))
