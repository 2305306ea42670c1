forest_of_cheap = forest.copy({forest.labelCol: "cheap"})
by_cheap = BinaryClassificationEvaluator(labelCol="cheap")
cheap = few.withColumn("cheap", 1 - F.col("expensive"))
steps = Pipeline(stages=[indexer, assembler, forest_of_cheap])
cv_model, best_depth, best_trees, cv_auc = read(
    searched(cheap, estimator=steps, evaluator=by_cheap)
)
