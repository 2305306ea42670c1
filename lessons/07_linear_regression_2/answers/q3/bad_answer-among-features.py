rows = train.select("price", "bedrooms", "room_type").withColumn("log_price", F.log("price"))
formula = RFormula(formula="log_price ~ .", handleInvalid="keep")
log_model = Pipeline(stages=[formula, LinearRegression()]).fit(rows)
