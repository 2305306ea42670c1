rows = train.withColumn("log_price", F.log("price"))
formula = RFormula(formula="log_price ~ . - price", handleInvalid="keep").fit(rows)
log_model = LinearRegression().fit(formula.transform(rows))
