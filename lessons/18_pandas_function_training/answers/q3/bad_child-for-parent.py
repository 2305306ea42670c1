parent_id = children(parent())[0]
