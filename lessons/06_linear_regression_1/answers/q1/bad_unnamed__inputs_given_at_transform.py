assembler = VectorAssembler(outputCol="features")
rows = assembler.transform(train, {assembler.inputCols: FEATURES})
model = LinearRegression(labelCol="price").fit(rows)
