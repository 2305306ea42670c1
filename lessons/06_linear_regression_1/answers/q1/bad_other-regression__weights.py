assembler = VectorAssembler(inputCols=FEATURES, outputCol="features")
regression = LinearRegression(labelCol="price", weightCol="accommodates")
model = regression.fit(assembler.transform(train))
