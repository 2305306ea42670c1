FILL = {"review_scores_rating": "median", "occupancy_rate": "mean", "bedrooms": "mode"}
marked = clean.withColumns({f"{name}_na": F.col(name).isNull().cast("double") for name in FILL})
stages = [Imputer(strategy=how, inputCol=name, outputCol=name) for name, how in FILL.items()]
stages[2].setMissingValue(0)
model = Pipeline(stages=stages).fit(marked.where(in_train))
train_full, test_full = map(model.transform, (marked.where(in_train), marked.where(~in_train)))
