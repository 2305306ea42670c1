parent_id = parent()
children(parent_id, best.head(9))
