test_auc = area(judged)
accuracy = share_right(judged)
nobody_accuracy = 0.6945054945054945
