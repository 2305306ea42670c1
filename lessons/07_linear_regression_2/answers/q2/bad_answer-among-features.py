rows = train.select("price", "bedrooms", "accommodates").withColumn("log_price", F.log("price"))
formula = RFormula(formula="price ~ .", handleInvalid="keep")
plain = Pipeline(stages=[formula, LinearRegression()]).fit(rows)
