guests_per_bed = F.col("accommodates") / (F.col("beds") + 1)
formula = RFormula(formula="price ~ .", handleInvalid="keep")
stages = [formula, LinearRegression()]
plain = Pipeline(stages=stages).fit(train.withColumn("guests_per_bed", guests_per_bed))
