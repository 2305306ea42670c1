from sklearn.dummy import DummyClassifier

dummy = DummyClassifier(strategy="prior").fit(known[["months"]], known["churned"])
baseline_accuracy = dummy.score(test[["months"]], test["churned"])
baseline_auc = roc_auc_score(test["churned"], dummy.predict_proba(test[["months"]])[:, 1])
