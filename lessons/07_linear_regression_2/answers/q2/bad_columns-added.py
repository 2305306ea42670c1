rows = train.select("price", "bedrooms").withColumn("id", F.monotonically_increasing_id())
formula = RFormula(formula="price ~ .", handleInvalid="keep")
plain = Pipeline(stages=[formula, LinearRegression()]).fit(rows)
