came_out = {}
for setting in ("error", "skip", "keep"):
    formula = RFormula(formula="price ~ property_type", handleInvalid=setting).fit(train)
    try:
        came_out[setting] = len(formula.transform(arrivals).select("features").collect())
    except Exception as error:
        came_out[setting] = str(error)
price_list, quality_gate = "keep", "error"
