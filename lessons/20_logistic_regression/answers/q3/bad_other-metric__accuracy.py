by = MulticlassClassificationEvaluator(labelCol="superhost", metricName="accuracy")
cv_model, best_reg, cv_aupr = read(changed("evaluator", by))
