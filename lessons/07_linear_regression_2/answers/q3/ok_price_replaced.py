rows = train.withColumn("price", F.log("price")).withColumnRenamed("price", "ln")
formula = RFormula(formula="ln ~ .", handleInvalid="keep", stringIndexerOrderType="frequencyAsc")
log_model = Pipeline(stages=[formula, LinearRegression(solver="l-bfgs", maxIter=300)]).fit(rows)
