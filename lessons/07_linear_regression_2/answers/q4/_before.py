first = plain.transform(test).withColumnRenamed("prediction", "plain").drop("features", "label")
