came_out = dict(zip(("error", "skip", "keep"), [None, 1241, 1365], strict=True))
price_list, quality_gate = "keep", "error"
