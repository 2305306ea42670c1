grid = ParamGridBuilder().addGrid(forest.maxDepth, [3, 15]).addGrid(forest.numTrees, [6, 2])
cv = search(estimatorParamMaps=grid.build())
exam_fits, all_fits = 12, 13
