assembler = VectorAssembler(inputCols=FEATURES, outputCol="features")
rows = assembler.transform(train).withColumnRenamed("features", "six")
model = LinearRegression(labelCol="price", featuresCol="six").fit(rows)
