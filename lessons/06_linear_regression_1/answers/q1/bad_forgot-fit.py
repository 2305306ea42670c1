assembler = VectorAssembler(inputCols=FEATURES, outputCol="features")
model = LinearRegression(labelCol="price")
