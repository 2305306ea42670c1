cv_model, best_depth, best_trees, cv_auc = read(searched(labeled_train.unionAll(labeled_test)))
