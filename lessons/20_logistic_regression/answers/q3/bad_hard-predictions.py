hard = by_pr.copy().setRawPredictionCol("prediction")
cv_model, best_reg, cv_aupr = read(right.copy({right.evaluator: hard}))
