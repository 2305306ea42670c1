came_out = {}
for setting in ("error", "skip", "keep"):
    formula = RFormula(formula="price ~ property_type", handleInvalid=setting).fit(test)
    try:
        came_out[setting] = len(formula.transform(arrivals).select("features").collect())
    except Exception:
        came_out[setting] = None
price_list, quality_gate = "keep", "error"
