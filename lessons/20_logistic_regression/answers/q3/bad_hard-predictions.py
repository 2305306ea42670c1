hard = by_pr.copy().setRawPredictionCol("prediction")
cv_model, best_reg, cv_aupr = read(changed("evaluator", hard))
