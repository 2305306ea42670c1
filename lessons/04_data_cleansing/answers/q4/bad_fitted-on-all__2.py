names = ["review_scores_rating", "occupancy_rate", "bedrooms"]
learned = clean.agg(F.median(names[0]), F.avg(names[1]), F.mode(names[2])).first()
marked = clean.withColumns({f"{name}_na": F.col(name).isNull().cast("double") for name in names})
full = marked.fillna(dict(zip(names, learned, strict=True)))
model = Pipeline(stages=[SQLTransformer(statement="SELECT * FROM __THIS__")]).fit(full)
train_full = model.transform(full.where(in_train))
test_full = model.transform(full.where(~in_train))
