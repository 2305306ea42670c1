models = right_models
loss = RegressionEvaluator(labelCol="rating").evaluate(model.transform(validation))
losses = dict.fromkeys(RANKS, loss)
best_rank = min(losses, key=losses.get)
