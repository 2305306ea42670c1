parent_id = parent()
children(parent_id, metric="RMSE")
