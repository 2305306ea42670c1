rows = train.withColumn("log_price", F.log("price"))
formula = RFormula(formula="log_price ~ bedrooms + room_type", handleInvalid="keep")
log_model = Pipeline(stages=[formula, LinearRegression()]).fit(rows)
