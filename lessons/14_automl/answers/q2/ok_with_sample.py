pipeline = summary.best_trial.load_model()
probability = pd.Series(pipeline.predict_proba(test)[:, 1], index=test.index).sort_values()
both = test.assign(probability=probability)


def auc(rows):
    ranks = rows["probability"].rank()
    yes = rows["churned"] == "yes"
    return (ranks[yes].mean() - (yes.sum() + 1) / 2) / (~yes).sum()


test_auc = auc(both)
drawn = pd.Series([auc(both.sample(frac=1, replace=True, random_state=i)) for i in range(300)])
low, high = drawn.quantile(0.025), drawn.quantile(0.975)
predictable = (low > 0.5) & (high > 0.5)
