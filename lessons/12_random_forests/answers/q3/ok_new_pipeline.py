# Better when the search is to stand alone: all that it needs is made here.
places = [word + "_at" for word in WORDS]
trees = RandomForestClassifier(labelCol="expensive", maxBins=50)
steps = [
    StringIndexer(inputCols=WORDS, outputCols=places, handleInvalid="keep"),
    VectorAssembler(inputCols=places + NUMBERS, outputCol="features"),
    trees,
]
grid = ParamGridBuilder().addGrid(trees.numTrees, [3, 15]).addGrid(trees.maxDepth, [2, 6]).build()
cv = CrossValidator(
    estimator=Pipeline(stages=steps), estimatorParamMaps=grid, evaluator=by_auc, parallelism=4
)
exam_fits, all_fits = len(grid) * 3, len(grid) * 3 + 1
