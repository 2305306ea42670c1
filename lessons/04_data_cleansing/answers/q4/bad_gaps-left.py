FILL = {"review_scores_rating": "median", "occupancy_rate": "mean", "bedrooms": "mode"}
flags = ", ".join(f"CAST({name} IS NULL AS DOUBLE) AS {name}_na" for name in FILL)
mark = SQLTransformer(statement=f"SELECT *, {flags} FROM __THIS__")
imputers = [Imputer(strategy="median", inputCol="bedrooms", outputCol="bedrooms_filled")]
train, test = clean.filter(in_train), clean.filter(~in_train)
model = Pipeline(stages=[mark, *imputers]).fit(train)
train_full, test_full = model.transform(train), model.transform(test)
