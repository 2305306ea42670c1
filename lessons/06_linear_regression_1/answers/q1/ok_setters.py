assembler = VectorAssembler().setInputCols(FEATURES).setOutputCol("features")
estimator = LinearRegression().setLabelCol("price").setFeaturesCol("features")
model = estimator.fit(assembler.transform(train.select("price", *FEATURES).repartition(3)))
