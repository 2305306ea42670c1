by_pr = BinaryClassificationEvaluator(labelCol="expensive", metricName="areaUnderPR")
cv = search(evaluator=by_pr)
exam_fits, all_fits = 12, 13
