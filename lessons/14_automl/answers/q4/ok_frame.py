three = pd.DataFrame(
    {
        "left": left,
        "mine": my_model.predict_proba(test)[:, 1],
        "theirs": probability,
        "true": TRUE.loc[test["customer_id"]].to_numpy(),
    }
)


def aucs(rows):
    return {name: roc_auc_score(rows["left"], rows[name]) for name in ("mine", "theirs", "true")}


found = aucs(three)
gain, left_over = found["mine"] - found["theirs"], found["true"] - found["mine"]
redrawn = [aucs(three.sample(frac=1, replace=True, random_state=i)) for i in range(1000)]
redrawn = pd.DataFrame(redrawn)
gain_low, gain_high = (redrawn["mine"] - redrawn["theirs"]).quantile([0.025, 0.975])
better = gain_low > 0
