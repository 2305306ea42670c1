vectors = pipeline.getStages()[0]
cv_model = search(vectors.transform(few), estimator=last)
best_reg, cv_aupr = cv_model.bestModel.getRegParam(), max(cv_model.avgMetrics)
