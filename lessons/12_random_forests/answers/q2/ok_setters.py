indexers = [StringIndexer(inputCol=c, outputCol=c + "_n").setHandleInvalid("keep") for c in WORDS]
columns = NUMBERS + [c + "_n" for c in WORDS]
assembler = VectorAssembler().setInputCols(columns).setOutputCol("x")
forest = RandomForestClassifier(featuresCol="x", labelCol="expensive").setNumTrees(10)
forest = forest.setMaxBins(40).setMaxDepth(4)
pipeline = Pipeline().setStages([*indexers, assembler, forest])
model = pipeline.fit(labeled_train.select("expensive", *WORDS, *NUMBERS))
auc_seen = (
    BinaryClassificationEvaluator()
    .setLabelCol("expensive")
    .evaluate(model.transform(labeled_train))
)
