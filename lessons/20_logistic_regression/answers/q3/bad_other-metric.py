default = BinaryClassificationEvaluator(labelCol="superhost")
cv_model, best_reg, cv_aupr = read(changed("evaluator", default))
