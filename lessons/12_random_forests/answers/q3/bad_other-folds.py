cv = search(numFolds=5)
exam_fits, all_fits = 20, 21
