probability = pd.DataFrame(model.predict_proba(test), index=test.index, columns=model.classes_)[
    "yes"
]
test_auc = summary.test_metrics["roc_auc"]
low, high = summary.test_interval
predictable = low > 0.5
