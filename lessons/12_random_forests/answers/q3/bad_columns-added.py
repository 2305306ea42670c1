more = VectorAssembler(inputCols=[*places, *NUMBERS, "longitude"], outputCol="features")
cv = search(estimator=Pipeline(stages=[indexer, more, forest]))
exam_fits, all_fits = 12, 13
