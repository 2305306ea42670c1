FILL = {"review_scores_rating": "median", "occupancy_rate": "mean", "bedrooms": "mode"}
marked = clean.withColumns({f"{name}_na": F.col(name).isNull().cast("double") for name in FILL})
train, test = marked.where(in_train), marked.where(~in_train)
stages = [Imputer(strategy=how, inputCol=name, outputCol=name) for name, how in FILL.items()]
model = Pipeline(stages=stages).fit(train)
test_full, train_full = model.transform(train), model.transform(test)
