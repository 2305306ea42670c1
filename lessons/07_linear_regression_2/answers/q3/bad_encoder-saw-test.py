from pyspark.ml import PipelineModel

rows = train.unionByName(test).withColumn("log_price", F.log("price"))
formula = RFormula(formula="log_price ~ . - price", handleInvalid="keep").fit(rows)
known = formula.transform(train.withColumn("log_price", F.log("price")))
log_model = PipelineModel(stages=[formula, LinearRegression().fit(known)])
