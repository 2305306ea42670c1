assembler = VectorAssembler(inputCols=sorted(FEATURES), outputCol="features")
rows = assembler.transform(train).withColumnRenamed("price", "label")
model = LinearRegression(solver="l-bfgs", maxIter=200, tol=1e-9).fit(rows)
