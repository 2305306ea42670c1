log_train = train.select("price", "bedrooms").withColumn("log_price", F.log("price"))
formula = RFormula(formula="log_price ~ . - price", handleInvalid="keep")
numbered = log_train.withColumn("id", F.monotonically_increasing_id())
log_model = Pipeline(stages=[formula, LinearRegression()]).fit(numbered)
