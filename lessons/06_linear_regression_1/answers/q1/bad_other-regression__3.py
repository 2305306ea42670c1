assembler = VectorAssembler(inputCols=FEATURES, outputCol="features")
model = LinearRegression(labelCol="price", fitIntercept=False).fit(assembler.transform(train))
