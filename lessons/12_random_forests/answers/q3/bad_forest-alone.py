cv = search(estimator=forest)
exam_fits, all_fits = 12, 13
