threshold = cheapest(*old)
y, p = unseen
called = cv_model.transform(test_rows).select("prediction").toPandas()["prediction"].to_numpy()
test_cost = half_test_cost = price(y, called, 0.5)
