price = udf(lambda *values: float(np.exp(load_model().predict([values])[0])), "double")
scored = offers.select("id", price(*COLUMNS).alias("prediction"))
