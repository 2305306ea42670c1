from pyspark.ml.tuning import TrainValidationSplit

last = pipeline.getStages()[-1]
three = ParamGridBuilder().addGrid(last.regParam, [0.0, 0.02, 0.5]).build()
by_pr = BinaryClassificationEvaluator(labelCol="superhost", metricName="areaUnderPR")
few = fit_rows.limit(300).coalesce(1).cache()


def search(rows=few, **options):
    given = {"estimator": pipeline, "estimatorParamMaps": three, "evaluator": by_pr}
    return CrossValidator(**(given | {"numFolds": 3, "seed": 1} | options)).fit(rows)


def read(model):
    return model, model.bestModel.stages[-1].getRegParam(), max(model.avgMetrics)


right = search(fit_rows)
few_done = search()
