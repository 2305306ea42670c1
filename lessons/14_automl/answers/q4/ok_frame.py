mine = mlflow.sklearn.load_model(f"runs:/{my_run}/model")
three = pd.DataFrame(
    {
        "left": test["churned"] == "yes",
        "mine": mine.predict_proba(test)[:, 1],
        "theirs": probability,
        "true": TRUE.loc[test["customer_id"]].to_numpy(),
    }
)


def aucs(rows):
    return {name: roc_auc_score(rows["left"], rows[name]) for name in ("mine", "theirs", "true")}


found = aucs(three)
gain, left_over = found["mine"] - found["theirs"], found["true"] - found["mine"]
drawn = pd.DataFrame([aucs(three.sample(frac=1, replace=True, random_state=i)) for i in range(300)])
gain_low, gain_high = (drawn["mine"] - drawn["theirs"]).quantile([0.025, 0.975])
better = gain_low > 0
