assembler = VectorAssembler(inputCols=FEATURES, outputCol="features")
few = train.sample(fraction=0.5, seed=7)
model = LinearRegression(labelCol="price").fit(assembler.transform(few))
