test_auc, accuracy, nobody_accuracy = three(judged)
test_auc = area(judged.withColumn("zero", F.lit(0.0)), raw="zero")
