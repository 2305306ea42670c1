parent_id = parent()
children(parent_id, facts.dropna(subset=["rmse"]))
