from pyspark.ml import PipelineModel

encoder = RFormula(formula="price ~ .", handleInvalid="keep").fit(train)
encoded = encoder.transform(train).cache()
