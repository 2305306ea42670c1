hard = BinaryClassificationEvaluator(labelCol="expensive", rawPredictionCol="prediction")
cv = search(evaluator=hard)
exam_fits, all_fits = 12, 13
