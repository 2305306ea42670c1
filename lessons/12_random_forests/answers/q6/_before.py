import numpy as np
from pyspark.ml.functions import vector_to_array
from sklearn import metrics


def columns(frame):
    table = cv_model.transform(frame).select(
        "expensive", vector_to_array("probability")[1].alias("p")
    )
    return table.toPandas()


table = columns(labeled_test)
y, p = table["expensive"].to_numpy() == 1, table["p"].to_numpy()


def at(threshold, y=y, p=p):
    called = p > threshold
    found = {"precision": y[called].mean(), "recall": called[y].mean()}
    return found | {"f1": 2 / (1 / found["precision"] + 1 / found["recall"])}


def loss(y=y, p=p):
    return -np.mean(np.log(np.where(y, p, 1 - p)))
