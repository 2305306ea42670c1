from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.tuning import TrainValidationSplit

four = ParamGridBuilder().addGrid(forest.maxDepth, [6, 2]).addGrid(forest.numTrees, [3, 15]).build()
by_auc = BinaryClassificationEvaluator(labelCol="expensive")


def search(**options):
    given = {"estimator": pipeline, "estimatorParamMaps": four, "evaluator": by_auc, "numFolds": 3}
    return CrossValidator(**(given | options))


right = search()
