assembler = VectorAssembler(inputCols=[*FEATURES, "price"], outputCol="features")
model = LinearRegression(labelCol="price").fit(assembler.transform(train))
