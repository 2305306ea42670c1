parent_id = parent()
children(parent_id)
children(parent_id)
