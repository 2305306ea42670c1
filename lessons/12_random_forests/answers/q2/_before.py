from pyspark.ml.classification import DecisionTreeClassifier, RandomForestClassificationModel
from pyspark.ml.feature import RFormula
from pyspark.ml.regression import RandomForestRegressor

VECTOR = [f"{word}_i" for word in WORDS] + NUMBERS


def stages(inputs=VECTOR, invalid="keep", last=None, **options):
    options = {"labelCol": "expensive", "numTrees": 10, "maxBins": 64, "seed": 5} | options
    made = [f"{word}_i" for word in WORDS]
    first = StringIndexer(inputCols=WORDS, outputCols=made, handleInvalid=invalid)
    vector = VectorAssembler(inputCols=inputs, outputCol="features")
    return Pipeline(stages=[first, vector, last or RandomForestClassifier(**options)])


def area(model, rows, metric="areaUnderROC", raw="rawPrediction"):
    by = BinaryClassificationEvaluator(
        labelCol="expensive", metricName=metric, rawPredictionCol=raw
    )
    return by.evaluate(model.transform(rows))


right = stages()
fitted = right.fit(labeled_train)
known = fitted.transform(labeled_train).cache()
