from pyspark.ml.functions import vector_to_array
from sklearn.metrics import roc_auc_score

pipeline, model = right, fitted
table = known.select("expensive", vector_to_array("probability")[1].alias("p")).toPandas()
auc_seen = roc_auc_score(table["expensive"], table["p"])
