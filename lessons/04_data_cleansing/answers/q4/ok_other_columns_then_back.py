how = {"review_scores_rating": "median", "occupancy_rate": "mean", "bedrooms": "mode"}
imputers = [Imputer(strategy=s, inputCol=name, outputCol=f"{name}_full") for name, s in how.items()]
rest = [name for name in clean.columns if name not in how]
filled = [f"{name}_full AS {name}" for name in how]
marks = [f"double({name} IS NULL) AS {name}_na" for name in how]
back = SQLTransformer(statement=f"SELECT {', '.join(rest + filled + marks)} FROM __THIS__")
model = Pipeline(stages=[*imputers, back]).fit(clean.where(in_train))
train_full = model.transform(clean.where(in_train))
test_full = model.transform(clean.where("NOT crc32(id) % 100 < 80"))
