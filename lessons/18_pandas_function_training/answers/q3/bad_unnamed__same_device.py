parent_id = parent()
children(parent_id, device_id=str(best.iloc[0].device_id))
