assembler = VectorAssembler(inputCols=[*FEATURES, "latitude"], outputCol="features")
model = LinearRegression(labelCol="price").fit(assembler.transform(train))
