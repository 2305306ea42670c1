left = test["churned"] == "yes"
my_model = mlflow.sklearn.load_model(f"runs:/{my_run}/model")
mine = pd.Series(my_model.predict_proba(test)[:, 1], index=test.index)
my_auc = roc_auc_score(left, mine)
gain = my_auc - roc_auc_score(left, probability)
draw = np.random.default_rng(3)


def drawn_auc(p, rows):
    return roc_auc_score(left.iloc[rows], p.iloc[rows])


samples = [draw.integers(0, len(test), len(test)) for _ in range(200)]
drawn = [drawn_auc(mine, rows) - drawn_auc(probability, rows) for rows in samples]
gain_low, gain_high = np.percentile(drawn, [2.5, 97.5])
better = bool(gain_low > 0)
left_over = roc_auc_score(left, test["customer_id"].map(TRUE)) - my_auc
left_over = -left_over
