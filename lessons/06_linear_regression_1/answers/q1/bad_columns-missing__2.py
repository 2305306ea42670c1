assembler = VectorAssembler(inputCols=[*FEATURES[:5], "bedrooms"], outputCol="features")
model = LinearRegression(labelCol="price").fit(assembler.transform(train))
