assembler = VectorAssembler(inputCols=FEATURES, outputCol="features")
model = LinearRegression(labelCol="price").fit(assembler.transform(train.filter("price > 20")))
