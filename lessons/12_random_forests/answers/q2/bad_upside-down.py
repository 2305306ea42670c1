pipeline, model = right, fitted
from pyspark.ml.functions import vector_to_array

other = known.withColumn("score", vector_to_array("probability")[0])
by = BinaryClassificationEvaluator(labelCol="expensive", rawPredictionCol="score")
auc_seen = by.evaluate(other)
