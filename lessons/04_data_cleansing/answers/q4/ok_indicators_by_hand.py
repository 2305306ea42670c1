FILL = {"review_scores_rating": "median", "occupancy_rate": "mean", "bedrooms": "mode"}
marked = clean.withColumns(
    {f"{name}_na": F.when(F.col(name).isNull(), 1.0).otherwise(0.0) for name in FILL}
)
train = marked.filter(in_train)
fillers = [
    Imputer().setStrategy(how).setInputCols([name]).setOutputCols([name])
    for name, how in FILL.items()
]
model = Pipeline().setStages(fillers).fit(train)
train_full = model.transform(train)
test_full = model.transform(marked.filter(~in_train))
