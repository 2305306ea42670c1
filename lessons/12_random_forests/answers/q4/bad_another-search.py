by_pr = BinaryClassificationEvaluator(labelCol="expensive", metricName="areaUnderPR")
cv_model, best_depth, best_trees, cv_auc = read(searched(evaluator=by_pr))
