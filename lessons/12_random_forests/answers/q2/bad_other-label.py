pipeline = stages(labelCol="cheap")
cheap = labeled_train.withColumn("cheap", 1 - F.col("expensive"))
model = pipeline.fit(cheap)
auc_seen = area(model, cheap)
