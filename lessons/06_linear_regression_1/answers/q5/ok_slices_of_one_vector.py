from pyspark.ml.feature import VectorSlicer

full = VectorAssembler(inputCols=FEATURES, outputCol="everything")
learned, judged = full.transform(fit_rows).cache(), full.transform(validation).cache()


def with_columns(kept):
    slicer = VectorSlicer(inputCol="everything", outputCol="features", indices=kept)
    regression = LinearRegression(labelCol="price", solver="l-bfgs", maxIter=200, tol=1e-9)
    return regression.fit(slicer.transform(learned)).evaluate(slicer.transform(judged))


everything = with_columns(list(range(6))).rootMeanSquaredError
cost = {}
for place, name in enumerate(FEATURES):
    kept = [i for i in range(len(FEATURES)) if i != place]
    cost[name] = with_columns(kept).rootMeanSquaredError - everything
