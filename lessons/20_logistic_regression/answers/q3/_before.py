from pyspark.ml.tuning import CrossValidatorModel, TrainValidationSplit

vectors, last = pipeline.getStages()
values = [0.5, 0.02, 0.0]
three = ParamGridBuilder().addGrid(last.regParam, values).build()
by_pr = BinaryClassificationEvaluator(labelCol="superhost", metricName="areaUnderPR")
right = CrossValidator(
    estimator=pipeline, estimatorParamMaps=three, evaluator=by_pr, numFolds=3, seed=1
).fit(fit_rows)


def read(model):
    return model, model.bestModel.stages[-1].getRegParam(), max(model.avgMetrics)


def with_best(best):
    """A search that has chosen another model; none has to run for that."""
    made = CrossValidatorModel(best, right.avgMetrics, None, right.stdMetrics)
    return right._copyValues(made)


def fitted(inputs=FEATURES, rows=fit_rows, **options):
    options = {"labelCol": "superhost", "regParam": read(right)[1]} | options
    assembler = VectorAssembler(inputCols=inputs, outputCol="features")
    return Pipeline(stages=[assembler, LogisticRegression(**options)]).fit(rows)


def changed(param, value):
    """The search as it would be if one of its parameters had been another."""
    model = with_best(right.bestModel)
    model.set(model.getParam(param), value)
    return model
