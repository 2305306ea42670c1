vector = VectorAssembler(inputCols=FEATURES, outputCol="features")
pipeline = Pipeline(stages=[LogisticRegression(labelCol="superhost")])
model = pipeline.fit(vector.transform(fit_rows))
auroc, aupr = both(model.transform(vector.transform(validation)))
