# Better when the scores are in the notebook anyway: no further job for each metric.
from sklearn.metrics import average_precision_score, roc_auc_score

pipeline = Pipeline(
    stages=[
        VectorAssembler(inputCols=FEATURES[::-1], outputCol="x"),
        LogisticRegression(featuresCol="x", labelCol="superhost"),
    ]
)
model = pipeline.fit(fit_rows)
p = vector_to_array("probability")[1].alias("p")
table = model.transform(validation).select("superhost", p).toPandas()
auroc = roc_auc_score(table["superhost"], table["p"])
aupr = average_precision_score(table["superhost"], table["p"])
