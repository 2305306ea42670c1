leaky = VectorAssembler(inputCols=[*places, *NUMBERS, "price"], outputCol="features")
cv = search(estimator=Pipeline(stages=[indexer, leaky, forest]))
exam_fits, all_fits = 12, 13
