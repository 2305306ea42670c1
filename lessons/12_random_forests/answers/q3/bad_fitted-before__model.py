cv = search(estimator=model)
exam_fits, all_fits = 12, 13
