assembler = VectorAssembler(inputCols=FEATURES, outputCol="vector")
regression = LinearRegression(labelCol="price", featuresCol="vector")
model = regression.fit(assembler.transform(train))
