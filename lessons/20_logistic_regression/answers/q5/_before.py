from sklearn import metrics


def by_class(scored, name, label=1.0):
    return MulticlassClassificationEvaluator(
        labelCol="superhost", metricName=name, metricLabel=label
    ).evaluate(scored)


def four(scored):
    return {
        "gifts": by_class(scored, "precisionByLabel"),
        "warning": by_class(scored, "recallByLabel"),
        "reserve": by_class(scored, "logLoss"),
        "website": BinaryClassificationEvaluator(labelCol="superhost").evaluate(scored),
    }


judged = cv_model.transform(test_rows).cache()
right = four(judged)
y, p = judged.select("superhost", vector_to_array("probability")[1]).toPandas().to_numpy().T
