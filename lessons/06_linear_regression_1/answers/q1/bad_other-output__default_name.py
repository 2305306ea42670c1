assembler = VectorAssembler().setInputCols(FEATURES)
regression = LinearRegression(labelCol="price", featuresCol=assembler.getOutputCol())
model = regression.fit(assembler.transform(train))
