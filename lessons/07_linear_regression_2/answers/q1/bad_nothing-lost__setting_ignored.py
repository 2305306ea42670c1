def rows_with(setting):
    fitted = RFormula(formula="price ~ property_type").setHandleInvalid("keep").fit(train)
    return len(fitted.transform(arrivals).select("features").collect())


came_out = {setting: rows_with(setting) for setting in ("error", "skip", "keep")}
price_list, quality_gate = "keep", "error"
