cv = search(evaluator=RegressionEvaluator(labelCol="expensive"))
exam_fits, all_fits = 12, 13
