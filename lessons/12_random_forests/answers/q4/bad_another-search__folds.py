cv_model, best_depth, best_trees, cv_auc = read(searched(numFolds=2))
