assembler = VectorAssembler(inputCols=FEATURES, outputCol="features")
model = LinearRegression(labelCol="price", regParam=0.3).fit(assembler.transform(train))
