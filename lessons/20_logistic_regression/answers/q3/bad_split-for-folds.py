cv_model = TrainValidationSplit(
    estimator=pipeline, estimatorParamMaps=three, evaluator=by_pr, seed=1
).fit(few)
best_reg, cv_aupr = 0.02 * 1, max(cv_model.validationMetrics)
