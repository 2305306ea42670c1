# Better when you want to see the whole search: a table with a row for each setting.
import pandas as pd

cv_model = done
table = pd.DataFrame([{p.name: v for p, v in each.items()} for each in four])
table["auc"] = cv_model.avgMetrics
best_depth, best_trees, cv_auc = table.sort_values("auc").iloc[-1][["maxDepth", "numTrees", "auc"]]
