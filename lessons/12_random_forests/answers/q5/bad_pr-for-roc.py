test_auc, accuracy, nobody_accuracy = three(judged)
test_auc = area(judged, "areaUnderPR")
