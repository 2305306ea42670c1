from pyspark.ml.functions import vector_to_array


def area(frame, metric="areaUnderROC", raw="rawPrediction"):
    by = BinaryClassificationEvaluator(
        labelCol="expensive", metricName=metric, rawPredictionCol=raw
    )
    return by.evaluate(frame)


def share_right(frame):
    return frame.agg(F.avg((F.col("prediction") == F.col("expensive")).cast("double"))).first()[0]


def nobody(frame):
    return 1 - frame.agg(F.avg("expensive")).first()[0]


def three(frame):
    return area(frame), share_right(frame), nobody(frame)


judged = cv_model.transform(labeled_test).cache()
