cv = CrossValidator(estimator=pipeline, estimatorParamMaps=four, numFolds=3)
exam_fits, all_fits = 12, 13
