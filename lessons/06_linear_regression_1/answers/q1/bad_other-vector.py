assembler = VectorAssembler(inputCols=["bedrooms"], outputCol="features")
model = LinearRegression(labelCol="price").fit(assembler.transform(train))
assembler = VectorAssembler(inputCols=FEATURES, outputCol="features")
