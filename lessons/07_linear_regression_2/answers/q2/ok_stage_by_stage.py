from pyspark.ml import PipelineModel

formula = RFormula(formula="price ~ .", handleInvalid="keep", stringIndexerOrderType="alphabetDesc")
encoder = formula.fit(train)
regression = LinearRegression(regParam=1e-6).fit(encoder.transform(train.repartition(3)))
plain = PipelineModel(stages=[encoder, regression])
