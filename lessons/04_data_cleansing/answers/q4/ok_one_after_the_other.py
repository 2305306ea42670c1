from pyspark.ml import PipelineModel

names = ["review_scores_rating", "occupancy_rate", "bedrooms"]
flags = ", ".join(f"int(isnull({name})) AS {name}_na" for name in names)
stages = [SQLTransformer(statement=f"SELECT *, {flags} FROM __THIS__")]
train_full, test_full = (stages[0].transform(clean.filter(side)) for side in (in_train, ~in_train))
for name, how in zip(names, ["median", "mean", "mode"], strict=True):
    stages.append(Imputer(strategy=how, inputCol=name, outputCol=name).fit(train_full))
    train_full, test_full = stages[-1].transform(train_full), stages[-1].transform(test_full)
model = PipelineModel(stages=stages)
