parent_id = parent()
children(parent_id, end=False)
