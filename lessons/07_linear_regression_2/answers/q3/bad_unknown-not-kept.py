rows = train.withColumn("log_price", F.log("price"))
formula = RFormula(formula="log_price ~ bedrooms + room_type")
log_model = Pipeline(stages=[formula, LinearRegression()]).fit(rows)
