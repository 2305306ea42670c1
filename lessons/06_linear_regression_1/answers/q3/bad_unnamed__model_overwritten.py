baseline_rmse = error_of_the_mean
one = VectorAssembler(inputCols=["bedrooms"], outputCol="features")
model = LinearRegression(labelCol="price").fit(one.transform(train))
gain = 1 - model.evaluate(one.transform(test)).rootMeanSquaredError / baseline_rmse
