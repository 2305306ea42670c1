probability = leaving.sort_values()
both = test.assign(probability=probability)


def auc_of(rows):
    ranks = rows["probability"].rank()
    yes = rows["churned"] == "yes"
    return (ranks[yes].mean() - (yes.sum() + 1) / 2) / (~yes).sum()


test_auc = auc_of(both)
redrawn = [auc_of(both.sample(frac=1, replace=True, random_state=i)) for i in range(1000)]
low, high = pd.Series(redrawn).quantile([0.025, 0.975])
predictable = (low > 0.5) & (high > 0.5)
