left = test["churned"] == "yes"
my_model = mlflow.sklearn.load_model(f"runs:/{my_run}/model")
mine = pd.Series(my_model.predict_proba(test)[:, 1], index=test.index)
true_auc = roc_auc_score(left, test["customer_id"].map(TRUE))
my_auc, their_auc = roc_auc_score(left, mine), roc_auc_score(left, probability)
draw = np.random.default_rng(3)
drawn_rows = [draw.integers(0, len(test), len(test)) for _ in range(1000)]


def drawn_aucs(p):
    return np.array([roc_auc_score(left.iloc[rows], p.iloc[rows]) for rows in drawn_rows])


mine_drawn, theirs_drawn = drawn_aucs(mine), drawn_aucs(probability)
drawn = mine_drawn - theirs_drawn
