rows = train.withColumn("log_price", F.log("price"))
formula = RFormula(formula="price ~ . - log_price", handleInvalid="keep")
log_model = Pipeline(stages=[formula, LinearRegression(labelCol="log_price")]).fit(rows)
