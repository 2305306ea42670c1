fewer = VectorAssembler(inputCols=NUMBERS, outputCol="features")
cv = search(estimator=Pipeline(stages=[fewer, forest]))
exam_fits, all_fits = 12, 13
