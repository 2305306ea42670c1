parent_id = parent()[::-1]
