rows = train.withColumn("log_price", F.log("price"))
formula = RFormula(formula="log_price ~ . - price")
log_model = Pipeline(stages=[formula, LinearRegression()]).fit(rows)
