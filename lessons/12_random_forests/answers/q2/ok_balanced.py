weighted = labeled_train.withColumn("weight", 1 + F.col("expensive"))
pipeline = stages(weightCol="weight", bootstrap=False, featureSubsetStrategy="sqrt")
model = pipeline.fit(weighted)
auc_seen = area(model, weighted)
