first, *others = pipeline.getStages()
cv = search(estimator=Pipeline(stages=[first.fit(labeled_train), *others]))
exam_fits, all_fits = 12, 13
