import numpy as np

cv_model = cv.setSeed(7).setParallelism(1).fit(labeled_train)
winner = int(np.argmax(cv_model.avgMetrics))
settings = {param.name: value for param, value in four[winner].items()}
best_depth, best_trees = settings["maxDepth"], settings["numTrees"]
cv_auc = cv_model.avgMetrics[winner]
