cv = search(evaluator=BinaryClassificationEvaluator())
exam_fits, all_fits = 12, 13
