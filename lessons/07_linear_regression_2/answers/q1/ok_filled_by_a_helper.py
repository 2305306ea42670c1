came_out = {}


def note(setting):
    fitted = RFormula(formula="price ~ property_type", handleInvalid=setting).fit(train)
    try:
        came_out[setting] = len(fitted.transform(arrivals).select("features").collect())
    except Exception:
        came_out[setting] = None


for setting in ("error", "skip", "keep"):
    note(setting)
price_list, quality_gate = "keep", "error"
