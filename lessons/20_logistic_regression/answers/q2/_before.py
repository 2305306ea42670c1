from pyspark.ml.classification import RandomForestClassifier


def made(inputs=FEATURES, last=None, **options):
    vector = VectorAssembler(inputCols=inputs, outputCol="features")
    logistic = LogisticRegression(labelCol="superhost", **options)
    return Pipeline(stages=[vector, last or logistic])


def area(scored, name="areaUnderROC", raw="rawPrediction"):
    by = BinaryClassificationEvaluator(labelCol="superhost", metricName=name, rawPredictionCol=raw)
    return by.evaluate(scored)


def both(scored, raw="rawPrediction"):
    return area(scored, raw=raw), area(scored, "areaUnderPR", raw)


right = made()
fitted = right.fit(fit_rows)
scored = fitted.transform(validation).cache()
