# A grid in another order, and another seed for the folds.
logistic_in_it = pipeline.getStages()[-1]
grid = ParamGridBuilder().addGrid(logistic_in_it.regParam, [0.0, 0.02, 0.5]).build()
by = BinaryClassificationEvaluator(labelCol="superhost").setMetricName("areaUnderPR")
cv_model = CrossValidator(
    estimator=pipeline, estimatorParamMaps=grid, evaluator=by, numFolds=3, parallelism=2, seed=7
).fit(fit_rows)
best_reg = dict(zip(cv_model.avgMetrics, [0.0, 0.02, 0.5], strict=True))[max(cv_model.avgMetrics)]
cv_aupr = np.max(cv_model.avgMetrics)
