assembler = VectorAssembler(inputCols=FEATURES, outputCol="features")
logs = assembler.transform(train).withColumn("lp", F.log("price"))
model = LinearRegression(labelCol="lp").fit(logs)
