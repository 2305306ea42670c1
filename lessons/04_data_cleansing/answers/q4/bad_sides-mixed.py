FILL = {"review_scores_rating": "median", "occupancy_rate": "mean", "bedrooms": "mode"}
flags = ", ".join(f"CAST({name} IS NULL AS DOUBLE) AS {name}_na" for name in FILL)
mark = SQLTransformer(statement=f"SELECT *, {flags} FROM __THIS__")
imputers = [Imputer(strategy=how, inputCol=name, outputCol=name) for name, how in FILL.items()]
train, test = clean.randomSplit([0.8, 0.2], seed=42)
model = Pipeline(stages=[mark, *imputers]).fit(train)
train_full, test_full = model.transform(train), model.transform(test)
