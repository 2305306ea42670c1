pipeline, model = right, fitted
auroc = MulticlassClassificationEvaluator(labelCol="superhost", metricName="accuracy").evaluate(
    scored
)
aupr = area(scored, "areaUnderPR")
