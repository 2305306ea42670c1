formula = RFormula(formula="price ~ .", handleInvalid="keep")
stages = [formula, LinearRegression()]
log_model = Pipeline(stages=stages).fit(train.withColumn("price", F.log("price")))
