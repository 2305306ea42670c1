train, test = clean.where(in_train), clean.where(~in_train)
names = ["review_scores_rating", "occupancy_rate", "bedrooms"]
middle = F.percentile_approx(names[0], 0.5, 1_000_000)
learned = train.agg(middle, F.avg(names[1]), F.mode(names[2])).first()
marks = [f"DOUBLE({name} IS NULL) AS {name}_na" for name in names]
fills = [
    f"COALESCE({name}, {value}D) AS {name}" for name, value in zip(names, learned, strict=True)
]
rest = [name for name in clean.columns if name not in names]
statement = f"SELECT {', '.join(rest + marks + fills)} FROM __THIS__"
model = Pipeline(stages=[SQLTransformer(statement=statement)]).fit(train)
train_full, test_full = model.transform(train), model.transform(test)
