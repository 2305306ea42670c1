COLUMNS = {"userCol": "user_id", "itemCol": "film_id", "coldStartStrategy": "drop"}


def fits(rows, **others):
    settings = {"regParam": 0.05, "maxIter": 3, **COLUMNS, **QUICK, **others}
    return {rank: ALS(**{"rank": rank, **settings}).fit(rows) for rank in RANKS}


def losses_of(models, rows, metric="rmse"):
    evaluator = RegressionEvaluator(labelCol="rating", metricName=metric)
    return {rank: evaluator.evaluate(each.transform(rows)) for rank, each in models.items()}


right_models = fits(fit_rows)
right_losses = losses_of(right_models, validation)
right_rank = min(right_losses, key=right_losses.get)
