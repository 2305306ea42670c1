log_train = train.withColumn("log_price", F.log("price"))
formula = RFormula(formula="log_price ~ . - price", handleInvalid="keep")
log_model = Pipeline(stages=[formula, LinearRegression()]).fit(log_train.filter("price < 2000"))
