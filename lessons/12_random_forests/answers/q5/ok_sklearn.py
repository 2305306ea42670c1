from sklearn.metrics import accuracy_score, roc_auc_score

table = judged.select("expensive", "prediction", "probability").toPandas()
y = table["expensive"]
test_auc = roc_auc_score(y, [p[1] for p in table["probability"]])
accuracy = accuracy_score(y, table["prediction"])
nobody_accuracy = (y == 0).mean()
