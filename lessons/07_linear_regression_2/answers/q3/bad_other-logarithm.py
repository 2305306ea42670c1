rows = train.withColumn("log_price", F.log1p("price"))
formula = RFormula(formula="log_price ~ . - price", handleInvalid="keep")
log_model = Pipeline(stages=[formula, LinearRegression()]).fit(rows)
