train_with_log = train.withColumn("log_price", F.log("price"))
formula = RFormula(formula="price ~ .", handleInvalid="keep")
plain = Pipeline(stages=[formula, LinearRegression()]).fit(train_with_log)
