known = train.select("property_type").distinct()
there = arrivals.join(known, "property_type", "left_semi").count()
came_out = {"error": None, "skip": there, "keep": arrivals.count()}
price_list, quality_gate = "keep", "fail"
