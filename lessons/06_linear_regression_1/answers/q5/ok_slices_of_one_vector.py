from pyspark.ml.feature import VectorSlicer

full = VectorAssembler(inputCols=FEATURES, outputCol="everything")
known, new = full.transform(train).cache(), full.transform(test).cache()


def without(place):
    kept = [i for i in range(len(FEATURES)) if i != place]
    slicer = VectorSlicer(inputCol="everything", outputCol="features", indices=kept)
    fitted = LinearRegression(labelCol="price").fit(slicer.transform(known))
    return fitted.evaluate(slicer.transform(new)).rootMeanSquaredError


cost = {name: without(place) - rmse for place, name in enumerate(FEATURES)}
