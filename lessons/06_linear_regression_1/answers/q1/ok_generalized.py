from pyspark.ml.regression import GeneralizedLinearRegression

assembler = VectorAssembler(inputCols=FEATURES, outputCol="features")
regression = GeneralizedLinearRegression(labelCol="price", family="gaussian")
model = regression.fit(assembler.transform(train))
