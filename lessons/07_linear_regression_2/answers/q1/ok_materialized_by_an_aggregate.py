from pyspark.ml.functions import vector_to_array


def rows_with_features(setting):
    fitted = RFormula(formula="price ~ property_type", handleInvalid=setting).fit(train)
    sizes = fitted.transform(arrivals).select(F.size(vector_to_array("features")).alias("size"))
    try:
        return sizes.agg(F.count_if(F.col("size") > 0)).first()[0]
    except Exception:
        return None


came_out = {}
for setting in ("keep", "skip", "error"):
    came_out[setting] = rows_with_features(setting)
price_list, quality_gate = "keep", "error"
