pipeline = stages(last=RandomForestRegressor(labelCol="expensive", numTrees=10, maxBins=64))
model = pipeline.fit(labeled_train)
auc_seen = area(model, labeled_train, raw="prediction")
