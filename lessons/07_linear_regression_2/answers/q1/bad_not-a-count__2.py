known = train.select("property_type").distinct()
there = arrivals.join(known, "property_type", "left_semi").count()
came_out = {"error": 0, "skip": there, "keep": arrivals.count()}
price_list, quality_gate = "keep", "error"
