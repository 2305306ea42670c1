cv = TrainValidationSplit(estimator=pipeline, estimatorParamMaps=four, evaluator=by_auc)
exam_fits, all_fits = 12, 13
