from pyspark.ml.tuning import TrainValidationSplit

done = cv.fit(labeled_train)
few = labeled_train.limit(400).cache()
four = cv.getEstimatorParamMaps()
by_auc = cv.getEvaluator()


def read(model):
    last = model.bestModel.stages[-1]
    return model, last.getMaxDepth(), last.getNumTrees, max(model.avgMetrics)


def searched(rows, **options):
    given = {"estimator": pipeline, "estimatorParamMaps": four, "evaluator": by_auc, "numFolds": 3}
    return CrossValidator(**(given | options)).fit(rows)
