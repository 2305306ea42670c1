# Better when a grid has many settings: a table to sort.
import pandas as pd

cv_model = right
settings = [{p.name: v for p, v in each.items()} for each in cv_model.getEstimatorParamMaps()]
table = pd.DataFrame(settings).assign(mean=cv_model.avgMetrics).sort_values("mean")
best_reg, cv_aupr = table["regParam"].iloc[-1], table["mean"].iloc[-1]
