formula = RFormula(formula="price ~ property_type", handleInvalid="keep").fit(train)
came_out = {setting: formula.transform(arrivals) for setting in ("error", "skip", "keep")}
price_list, quality_gate = "keep", "error"
