rows = train.unionByName(test).withColumn("log_price", F.log("price"))
formula = RFormula(formula="log_price ~ . - price", handleInvalid="keep")
log_model = Pipeline(stages=[formula, LinearRegression()]).fit(rows)
