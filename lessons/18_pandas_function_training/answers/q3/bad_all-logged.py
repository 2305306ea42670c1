parent_id = parent()
children(parent_id, facts.fillna({"rmse": 0.0}))
