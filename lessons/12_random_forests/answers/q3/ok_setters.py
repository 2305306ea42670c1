grid = [{forest.maxDepth: depth, forest.numTrees: trees} for trees in (15, 3) for depth in (2, 6)]
cv = CrossValidator().setEstimator(pipeline).setEstimatorParamMaps(grid).setNumFolds(3)
cv = cv.setEvaluator(by_auc.setRawPredictionCol("probability")).setSeed(99)
exam_fits = 2 * 2 * 3
all_fits = 2 * 2 * 3 + 1
