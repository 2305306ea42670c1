pipeline = right
model = pipeline.fit(train.withColumn("superhost", is_superhost))
auroc, aupr = both(model.transform(validation))
