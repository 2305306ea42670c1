# Better when the features are not needed: comparing the kinds costs no model at all.
known = train.select("property_type").distinct()
there = arrivals.join(known, "property_type", "left_semi").count()
everything = arrivals.count()
came_out = {"error": None if there < everything else everything, "skip": there, "keep": everything}
price_list = "keep"
quality_gate = "error"
