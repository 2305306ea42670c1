came_out = {"error": None, "skip": 1230, "keep": 1365}
price_list, quality_gate = "keep", "error"
