parent_id = parent()
children(parent_id, param="device")
