typed = {"accuracy": 0.88}
baseline_accuracy = typed["accuracy"]
baseline_auc = 0.5
