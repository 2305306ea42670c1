assembler = VectorAssembler(inputCols=FEATURES, outputCol="features")
model = LinearRegression(labelCol="price").fit(assembler.transform(train))
assembler = VectorAssembler(inputCols=FEATURES[::-1], outputCol="features")
