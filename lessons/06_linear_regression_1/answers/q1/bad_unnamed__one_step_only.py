assembler = VectorAssembler(inputCols=FEATURES, outputCol="features")
regression = LinearRegression(labelCol="price", solver="l-bfgs", maxIter=1)
model = regression.fit(assembler.transform(train))
