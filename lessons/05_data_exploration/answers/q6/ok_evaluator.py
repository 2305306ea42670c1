# Better when models follow: the same evaluator judges their predictions
from pyspark.ml.evaluation import RegressionEvaluator

log_mean = train.agg(F.mean(F.log("price"))).first()[0]
constants = {
    "mean": train.agg(F.avg("price")).first()[0],
    "median": train.approxQuantile("price", [0.5], 0.0)[0],
    "log mean": float(np.exp(log_mean)),
}


def errors(metric):
    evaluator = RegressionEvaluator(labelCol="price", metricName=metric)
    return {
        name: evaluator.evaluate(test.withColumn("prediction", F.lit(value)))
        for name, value in constants.items()
    }


rmse, mae = errors("rmse"), errors("mae")
