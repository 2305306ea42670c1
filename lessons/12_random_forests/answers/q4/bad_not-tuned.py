cv_model, best_depth, best_trees, cv_auc = read(done)
best_depth, best_trees = forest.getMaxDepth(), forest.getNumTrees()
