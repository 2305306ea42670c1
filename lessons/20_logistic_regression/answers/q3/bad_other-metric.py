default = BinaryClassificationEvaluator(labelCol="superhost")
cv_model, best_reg, cv_aupr = read(right.copy({right.evaluator: default}))
