one = three[:1]
cv_model = TrainValidationSplit(
    estimator=pipeline, estimatorParamMaps=one, evaluator=by_pr, seed=1
).fit(fit_rows.limit(200))
best_reg, cv_aupr = next(iter(one[0].values())), max(cv_model.validationMetrics)
